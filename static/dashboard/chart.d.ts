/** The part that is used of Chart.js 4, which comes as a plain script with django-unfold. */
declare class Chart {
  constructor(canvas: HTMLCanvasElement, config: unknown);
  data: { labels: string[]; datasets: Record<string, unknown>[] };
  update(mode?: "none"): void;
  destroy(): void;
}

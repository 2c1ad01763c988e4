/* The WebSocket of a page of the dashboard. It only listens: each message is the whole state of what
   the page shows, and is answered by `seen` once it is drawn, so that the next one may come. */

import { backoff_ms } from "../voice/backoff.js";

/** @typedef {{type: string} & Record<string, any>} Message */
/**
 * @typedef {object} Listener
 * @property {(message: any) => void} onmessage
 * @property {(status: "live" | "lost" | "closed", text: string) => void} onstatus
 */

/** After these the page stays away. */
const FINAL = [1008, 4401, 4403];
const LIVE = "Live";
const LOST = "No connection. Trying again …";
const SILENT = "Connected, but nothing new comes.";
const SILENT_MS = 10_000;
const CLOSED = "This page is not kept up to date any more. Reload it.";

export class Live {
  #attempt = 0;
  #why = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #silence;

  /**
   * @param {Record<string, string>} topic as dashboard/live/topics.py reads it
   * @param {Listener} listener
   * @param {{isSteady?: boolean}} [nature] steady: something comes every other second, or is missed
   */
  constructor(topic, listener, { isSteady = true } = {}) {
    this.address = `/dashboard/live?${new URLSearchParams(topic)}`;
    this.listener = listener;
    this.isSteady = isSteady;
    /** @type {WebSocket | null} */
    this.socket = null;
  }

  open() {
    const socket = new WebSocket(new URL(this.address, location.href.replace(/^http/, "ws")));
    socket.onmessage = (event) => this.#received(socket, JSON.parse(event.data));
    socket.onclose = (event) => this.#lost(socket, event.code);
    this.socket = socket;
    return this;
  }

  /** Show something else. @param {Record<string, string>} topic */
  change(topic) {
    this.close();
    this.address = `/dashboard/live?${new URLSearchParams(topic)}`;
    this.open();
  }

  close() {
    const socket = this.socket;
    this.socket = null;
    clearTimeout(this.#silence);
    socket?.close();
  }

  /** @param {WebSocket} socket @param {Message} message */
  #received(socket, message) {
    if (socket !== this.socket) return;
    if (message.type === "error") {
      this.#why = message.message;
      return;
    }
    this.listener.onstatus("live", LIVE);
    this.#awaitNext();
    this.#attempt = 0;
    this.listener.onmessage(message);
    socket.send('{"type":"seen"}');
  }

  #awaitNext() {
    clearTimeout(this.#silence);
    if (this.isSteady) this.#silence = setTimeout(() => this.listener.onstatus("lost", SILENT), SILENT_MS);
  }

  /** @param {WebSocket} socket @param {number} code */
  #lost(socket, code) {
    if (socket !== this.socket) return;
    clearTimeout(this.#silence);
    if (FINAL.includes(code)) return this.listener.onstatus("closed", this.#why || CLOSED);
    this.listener.onstatus("lost", LOST);
    setTimeout(() => socket === this.socket && this.open(), backoff_ms(this.#attempt++, Math.random));
  }
}

/**
 * Shows in an element whether the page is up to date.
 * @param {HTMLElement} badge
 * @returns {(status: "live" | "lost" | "closed", text: string) => void}
 */
export function shownIn(badge) {
  return (status, text) => {
    if (badge.dataset.status === status && badge.textContent === text) return;
    badge.dataset.status = status;
    badge.textContent = text;
  };
}

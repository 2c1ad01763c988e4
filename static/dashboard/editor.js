/* A text that is edited here while others change it: a draft is never written over, and says which
   version it began from. */

/** @typedef {{value: string}} Field */

export class Editor {
  /** @param {Field} text @param {Field} seen of which version the text is, as the template gave both */
  constructor(text, seen) {
    this.text = text;
    this.seen = seen;
    this.filled = text.value;
  }

  /** What is stored now, by somebody else or in another way. It is not shown in place of a draft, which
   * keeps its version, too: saving it would undo what is new. @param {string} text @param {number} version */
  changed(text, version) {
    if (this.text.value !== this.filled || version < Number(this.seen.value)) return;
    this.text.value = text;
    this.seen.value = String(version);
    this.filled = this.text.value;
  }

  /** What was sent from here is stored. @param {string} sent @param {number} version */
  saved(sent, version) {
    this.seen.value = String(version);
    this.filled = sent;
  }
}

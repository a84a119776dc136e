// A text under the pen: its history of undoing, and what of it isn't kept yet, which outlives a closed page.
interface State {
  text: string
  start: number
  end: number
}

export class Draft {
  text = $state('')
  #done: State[] = []
  #undone: State[] = []
  #typed = 0
  depth = $state(0)
  ahead = $state(0)

  constructor(
    readonly name: string,
    text: string,
  ) {
    this.text = text
  }

  /** Take a new text; letters typed one soon after the other are one step. */
  put(text: string, start: number, end: number, typing = false): void {
    const now = Date.now()
    if (!typing || now - this.#typed > 900 || this.#done.length === 0) {
      this.#done.push({ text: this.text, start, end })
      if (this.#done.length > 300) this.#done.shift()
    }
    this.#typed = typing ? now : 0
    this.#undone = []
    this.text = text
    this.#count()
  }

  undo(start: number, end: number): State | undefined {
    return this.#step(this.#done, this.#undone, start, end)
  }

  redo(start: number, end: number): State | undefined {
    return this.#step(this.#undone, this.#done, start, end)
  }

  #step(from: State[], to: State[], start: number, end: number): State | undefined {
    const state = from.pop()
    if (!state) return undefined
    to.push({ text: this.text, start, end })
    this.text = state.text
    this.#typed = 0
    this.#count()
    return state
  }

  #count(): void {
    this.depth = this.#done.length
    this.ahead = this.#undone.length
    try {
      localStorage.setItem(this.name, this.text)
    } catch {
      // a full or closed store: then it is kept in this page alone
    }
  }
}

// The difference of two short texts by words (Chinese: by characters): what an offer would change.
export type Piece = ['=' | '+' | '-', string]

const cut = (text: string): string[] => text.match(/\s+|[\u3400-\u9fff]|[^\s\u3400-\u9fff]+/g) ?? []

/** The longest common subsequence, so at most some thousand words; longer texts are shown as gone and new. */
export function difference(old: string, now: string): Piece[] {
  const a = cut(old)
  const b = cut(now)
  if (a.length * b.length > 4_000_000) return [['-', old], ['+', now]]
  const width = b.length + 1
  const best = new Uint16Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      best[i * width + j] =
        a[i] === b[j] ? best[(i + 1) * width + j + 1]! + 1 : Math.max(best[(i + 1) * width + j]!, best[i * width + j + 1]!)
  const out: Piece[] = []
  const add = (sign: Piece[0], text: string): void => {
    const last = out.at(-1)
    if (last?.[0] === sign) last[1] += text
    else out.push([sign, text])
  }
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      add('=', a[i]!)
      i++
      j++
    } else if (i < a.length && (j === b.length || best[(i + 1) * width + j]! >= best[i * width + j + 1]!)) add('-', a[i++]!)
    else add('+', b[j++]!)
  }
  const said = (words: string[]): number => words.filter((word) => word.trim()).length
  const kept = said(out.filter(([sign]) => sign === '=').flatMap(([, text]) => cut(text)))
  const other = kept * 2 < Math.min(said(a), said(b)) // word by word nobody could read it: whole, the new one first
  return other ? [['+', now], ['=', ' '], ['-', old]] : out
}

/** Code points before a place in UTF-16 units: how the server counts. */
export const points = (text: string, at: number): number => Array.from(text.slice(0, at)).length

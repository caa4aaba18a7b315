// Letters that are no letter with a mark, as PostgreSQL's unaccent writes them (contract 9, Search).
const plain: Record<string, string> = {
  ß: 'ss',
  ẞ: 'ss',
  ø: 'o',
  ł: 'l',
  æ: 'ae',
  œ: 'oe',
  đ: 'd',
  þ: 'th',
  ı: 'i',
  ς: 'σ',
}

/** Without case and accents. Knows only the letters that histories use. */
export function fold(text: string): string {
  const withoutMarks = text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
  return withoutMarks.toLowerCase().replace(/[ßẞøłæœđþıς]/g, (letter) => plain[letter] ?? letter)
}

/** Whether every word of the query is inside one of the texts (contract 2, query). */
export function isFound(query: string | undefined, texts: (string | null)[]): boolean {
  const words = (query ?? '').split(/\s+/).filter((word) => word !== '')
  const folded = texts.map((text) => fold(text ?? ''))
  return words.every((word) => folded.some((text) => text.includes(fold(word))))
}

import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What the readers of people and of doors make of a PDF of tickets: a text and a code for each page. */
export async function readTicketPages(pdf: Buffer): Promise<{ text: string; code: string }[]> {
  const folder = await mkdtemp(join(tmpdir(), 'foyer-tickets-'))
  try {
    const name = join(folder, 'tickets')
    await writeFile(`${name}.pdf`, pdf)
    execFileSync('pdftoppm', ['-r', '100', '-png', `${name}.pdf`, name])
    const texts = execFileSync('pdftotext', [`${name}.pdf`, '-'], { encoding: 'utf8' }).split('\f')
    const images = (await readdir(folder)).filter((file) => file.endsWith('.png')).sort()
    return images.map((image, index) => ({
      text: comparable(texts[index] ?? ''),
      code: execFileSync('zbarimg', ['--raw', '-q', join(folder, image)], { encoding: 'utf8' }).trim(),
    }))
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** The text without what readers may add or leave out. */
export function comparable(text: string): string {
  return text.normalize('NFKC').replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
}

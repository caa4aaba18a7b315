import type { Paper, Style } from '../../platform/paper/paper.ts'
import type { Words } from './words.ts'

/** Where the next line goes, in points from the top of an A4 page of 595 × 842. */
export interface Sheet {
  paper: Paper
  words: Words
  y: number
}

export const left = 56
export const right = 539
/** Below it begins the next page. */
export const bottom = 770
export const pageBottom = 805

export const text = {
  title: { size: 18, bold: true },
  strong: { size: 10, bold: true },
  plain: { size: 10 },
  small: { size: 9, color: '#333333' },
  faint: { size: 8, color: '#555555' },
} satisfies Record<string, Style>

/** Begins a new page where `height` more does not fit. */
export function makeRoom(sheet: Sheet, height: number): void {
  if (sheet.y + height <= bottom) return
  sheet.paper.doc.addPage()
  sheet.y = 70
}

export function drawRule(sheet: Sheet): void {
  const y = sheet.y - 10
  sheet.paper.doc.moveTo(left, y).lineTo(right, y).lineWidth(0.5).strokeColor('#999999').stroke()
}

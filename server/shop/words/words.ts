import type { Locale } from '../../platform/formats.ts'
import { de } from './de.ts'
import { en, type Words } from './en.ts'

export const wordsOf: Record<Locale, Words> = { en, de }

/** The language that is wanted most among those that the shop speaks, as `Accept-Language` has it; undefined for none. */
export function preferredLocale(acceptLanguage: string | undefined): Locale | undefined {
  const wishes = (acceptLanguage ?? '').split(',').map((part) => {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';')
    const quality = parameters.map((text) => /^\s*q=([\d.]+)\s*$/.exec(text)?.[1]).find((text) => text !== undefined)
    return { language: tag.split('-')[0], quality: quality === undefined ? 1 : Number(quality) }
  })
  const best = wishes
    .filter(({ language, quality }) => (language === 'en' || language === 'de') && quality > 0)
    .sort((a, b) => b.quality - a.quality)[0]
  return best?.language === 'de' ? 'de' : best && 'en'
}

export function isLocale(text: unknown): text is Locale {
  return text === 'en' || text === 'de'
}

import type { Locale } from '../platform/formats.ts'
import type { Words } from './phrases.ts'
import { german } from './words-de.ts'
import { english } from './words-en.ts'

const words: Record<Locale, Words> = { en: english, de: german }

export const wordsOf = (locale: Locale): Words => words[locale]

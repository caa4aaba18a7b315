import { draw, pick, slot } from './seeded.ts'

/** Words whose number of matches among N customers is known: 5, 3.1 %, 18.8 %, and 3.1 % from the first year alone. */
export const searchWords = { five: 'zwirnquast', some: 'schneider', many: 'posteo', old: 'altmeyer' }

export function matchesOf(word: keyof typeof searchWords, customers: number): number {
  return word === 'five' ? 5 : Math.round(customers * (word === 'many' ? 0.188 : 0.031))
}

export interface Buyer {
  email: string
  name: string
  company: string | null
  marketingConsent: boolean
}

const firstNames = [
  ...(['Anna', 'Ben', 'Clara', 'David', 'Elif', 'Finn', 'Greta', 'Hannah', 'Ivan', 'Jana', 'Karim', 'Lena'] as const),
  ...['Mateo', 'Nora', 'Oskar', 'Paula', 'Quentin', 'Rosa', 'Søren', 'Tilda', 'Ute', 'Viktor', 'Wanda', 'Zoë'],
] as const
const lastNames = [
  ...(['Becker', 'Bauer', 'Çelik', 'Dietrich', 'Engel', 'Fischer', 'Großmann', 'Hoffmann', 'Ivanova'] as const),
  ...['Jansen', 'Krüger', 'Lindqvist', 'Müller', 'Novák', 'Okafor', 'Peters', 'Quast', 'Richter', 'Sørensen'],
  ...['Thomas', 'Ullrich', 'Vogel', 'Wagner', 'Yıldız', 'Zimmermann'],
] as const
const mailHosts = [
  'mail.example',
  'web.example',
  'gmx.example',
  'uni.example',
  'firma.example',
  'proton.example',
] as const
const companyNames = ['Stadtchor', 'Musikverein', 'Buchhandlung', 'Werkstatt', 'Praxis', 'Tanzhaus'] as const

/** The buyer who bought for the first time as number `index` of `customers`, the same for the same seed. */
export function buyerOf(seed: number, index: number, customers: number): Buyer {
  const first = pick(firstNames, seed, index, 1)
  const last = lastNameOf(seed, index, customers)
  const host = slot(index, 193) < 188 ? `${searchWords.many}.example` : pick(mailHosts, seed, index, 2)
  const isRare = index % Math.floor(customers / 5) === Math.floor(customers / 7) % Math.floor(customers / 5)
  return {
    email: `${plainNames.get(first)}.${plainNames.get(last)}${index}@${host}`,
    name: `${first} ${last}`,
    company: isRare ? 'Zwirnquast Quartett' : companyOf(seed, index),
    marketingConsent: slot(index, 407) < 400,
  }
}

function lastNameOf(seed: number, index: number, customers: number): string {
  const place = slot(index, 617)
  if (place < 31) return 'Schneider'
  if (place < 124 && index < customers / 3) return 'Altmeyer'
  return pick(lastNames, seed, index, 3)
}

function companyOf(seed: number, index: number): string | null {
  if (draw(seed, index, 4) % 4 > 0) return null
  return `${pick(companyNames, seed, index, 5)} ${pick(lastNames, seed, index, 6)} ${draw(seed, index, 7) % 1000}`
}

const plainNames = new Map([...firstNames, ...lastNames, 'Schneider', 'Altmeyer'].map((name) => [name, plain(name)]))

function plain(name: string): string {
  return name.normalize('NFD').replace(/[^A-Za-z]/g, '')
}

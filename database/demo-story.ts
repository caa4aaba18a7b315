/** What the demo organiser has lived through: the same every time, but for the dates, which reach into today. */

export interface StoryEvent {
  title: string
  description: string
  faq?: { question: string; answer: string }[]
  /** Days from today; negative: it is over. */
  inDays: number
  capacity: number | null
  tickets: { title: string; price: string; stock: number | null; taxRate: string }[]
}

export interface StoryOrder {
  eventTitle: string
  ticketTitle: string
  quantity: number
  paidAt: Date
  email: string
  name: string
  company: string | null
  marketingConsent: boolean
  source: string | undefined
}

export const venue = {
  name: 'Kulturhaus am Ufer',
  address: 'Uferstraße 12',
  city: 'Berlin',
  postal_code: '10997',
  timezone: 'Europe/Berlin',
  latitude: '52.500300',
  longitude: '13.441900',
}

export const events: StoryEvent[] = [
  concert('Autumn Jazz Night', 'Three bands, two floors, one long night.', -330),
  concert('Winter Lights', 'Songs by candlelight.', -270),
  concert('Spring Showcase', 'Our annual seasonal event.', -180),
  concert('Open Air by the River', 'Bring a blanket.', -90),
  concert('Harvest Ball', 'An orchestra and a dance floor.', -21),
  {
    ...concert(
      'Winter Gala',
      '<p>The year, <strong>looked back upon</strong>: our house orchestra, two guests from Lisbon, and a dance floor until midnight.</p><ul><li>19:00 welcome drink</li><li>20:00 concert in the great hall</li><li>22:30 dancing by the river</li></ul>',
      24,
    ),
    faq: [
      { question: 'Is there a cloakroom?', answer: 'Yes, beside the entrance. It is free of charge.' },
      { question: 'Is the hall accessible without steps?', answer: 'Yes. Please use the entrance on the river side.' },
    ],
  },
  concert('New Year Concert', 'With the youth orchestra.', 45),
  {
    title: 'Open Rehearsal',
    description: 'Free of charge. Come and listen.',
    inDays: 12,
    capacity: 200,
    tickets: [{ title: 'Seat', price: '0.00', stock: null, taxRate: '7.0' }],
  },
]

function concert(title: string, description: string, inDays: number): StoryEvent {
  return {
    title,
    description,
    inDays,
    capacity: 600,
    tickets: [
      { title: 'General Admission', price: '21.00', stock: 450, taxRate: '7.0' },
      { title: 'Reduced', price: '14.50', stock: 130, taxRate: '7.0' },
      { title: 'Patron', price: '60.00', stock: 20, taxRate: '19.0' },
    ],
  }
}

const firstNames =
  'Jane Anna Jürgen Zoë Łukasz Søren Aylin Mehmet Chloé Noah Emma Luis Mia Paul Lena Omar Nina Felix Ines Tom'.split(
    ' ',
  )
const lastNames =
  'Doe Schmidt Müller Nguyen García Kowalski Jørgensen Yılmaz Weber Rossi Novák Okafor Bauer Silva Lindqvist'.split(' ')
const companies = ['Acme GmbH', 'Nordlicht e.V.', 'Studio Sieben', 'Brot & Bühne']
const sources = ['newsletter', 'instagram', 'poster', undefined, undefined]
const dayMs = 86_400_000
export const orderCount = 420

/** The orders of the last year, oldest first, the last ones today, a few minutes before `now`. */
export function tellOrders(now: Date, startOfToday: Date): StoryOrder[] {
  const random = seededRandom(20_260_422)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T // the index is below the length
  const instants = Array.from({ length: orderCount }, (_, index) => instantOf(index, now, startOfToday, random)).sort(
    (a, b) => a.getTime() - b.getTime(),
  )
  return instants.map((paidAt, index) => {
    const daysAgo = (now.getTime() - paidAt.getTime()) / dayMs
    // Events begin at 18:00 UTC of their day: late in the evening that is up to six hours earlier than whole days from now.
    const onSale = events.filter((event) => event.inDays > 0.25 - daysAgo && event.inDays < 120 - daysAgo)
    const event = pick(onSale.length > 0 ? onSale : events.filter((one) => one.inDays > 0))
    const person = index === 0 ? 0 : Math.floor(random() * 260)
    const first = firstNames[person % firstNames.length] as string // the index is below the length, as in the next line
    const last = lastNames[Math.floor(person / firstNames.length) % lastNames.length] as string
    return {
      eventTitle: event.title,
      ticketTitle: pick(event.tickets).title,
      quantity: 1 + Math.floor(random() * 3),
      paidAt,
      email: `${plain(first)}.${plain(last)}@example.com`,
      name: `${first} ${last}`,
      company: person % 9 === 0 ? pick(companies) : null,
      marketingConsent: random() < 0.4,
      source: pick(sources),
    }
  })
}

/** More orders of late than long ago; the last five are of today. */
function instantOf(index: number, now: Date, startOfToday: Date, random: () => number): Date {
  const minutesAgo = index >= orderCount - 5 ? 1 + (orderCount - index) * 7 : 60 + random() ** 1.6 * 350 * 1440
  const instant = new Date(now.getTime() - Math.floor(minutesAgo * 60) * 1000)
  return index >= orderCount - 5 && instant < startOfToday ? startOfToday : instant
}

function plain(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ł', 'l')
    .replaceAll('ø', 'o')
    .replaceAll('ı', 'i')
}

/** Mulberry32: small, and the same on every machine. */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

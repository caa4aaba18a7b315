import type { Account } from '../accounts/account.ts'
import { type Db, transaction } from '../platform/database.ts'
import { invalid, notFound } from '../platform/refusal.ts'
import { resolveTimeZone } from '../platform/time-zones.ts'
import { insertVenue, listVenues, lockVenue, updateVenue, type VenueFields, type VenueRow } from './queries.ts'
import type { VenueChanges, VenueInput } from './schema.ts'

/** Throws 422 on `timezone`, `country`, `latitude` or `longitude`. */
export async function createVenue(db: Db, account: Account, input: VenueInput): Promise<VenueRow> {
  const venue: VenueFields = {
    name: input.name.trim(),
    address: input.address.trim(),
    city: input.city.trim(),
    postalCode: input.postal_code.trim(),
    country: readCountry(input.country ?? ''),
    timeZone: readTimeZone(input.timezone, account.timeZone),
    latitude: readCoordinate('latitude', input.latitude, 90),
    longitude: readCoordinate('longitude', input.longitude, 180),
  }
  return { ...venue, id: await insertVenue(db, account.id, venue), eventCount: 0 }
}

/** Changes what `input` names. Throws 404, or 422 as `createVenue`. */
export async function changeVenue(db: Db, account: Account, id: number, input: VenueChanges): Promise<VenueRow> {
  return transaction(db, (tx) => change(tx, account, id, input))
}

async function change(db: Db, account: Account, id: number, input: VenueChanges): Promise<VenueRow> {
  await lockVenue(db, account.id, id)
  const [now] = await listVenues(db, account.id, id)
  if (!now) throw notFound()
  const venue: VenueFields = {
    name: input.name?.trim() ?? now.name,
    address: input.address?.trim() ?? now.address,
    city: input.city?.trim() ?? now.city,
    postalCode: input.postal_code?.trim() ?? now.postalCode,
    country: input.country === undefined ? now.country : readCountry(input.country ?? ''),
    timeZone: input.timezone === undefined ? now.timeZone : readTimeZone(input.timezone, account.timeZone),
    latitude: input.latitude === undefined ? now.latitude : readCoordinate('latitude', input.latitude, 90),
    longitude: input.longitude === undefined ? now.longitude : readCoordinate('longitude', input.longitude, 180),
  }
  await updateVenue(db, account.id, id, venue)
  return { ...now, ...venue }
}

function readCountry(text: string): string {
  const code = text.trim().toUpperCase() || 'DE'
  if (!/^[A-Z]{2}$/.test(code)) throw invalid('country', 'must be a code of two letters such as DE')
  return code
}

function readTimeZone(text: string | null | undefined, fallback: string): string {
  if (!text?.trim()) return fallback
  const zone = resolveTimeZone(text.trim())
  if (!zone) throw invalid('timezone', 'is not included in the list')
  return zone
}

/** Coordinates are kept as they were written: "52.520008" stays so. */
function readCoordinate(field: string, input: string | number | null | undefined, limit: number): string | null {
  const text = String(input ?? '').trim()
  if (text === '') return null
  if (!/^-?\d{1,3}(\.\d{1,20})?$/.test(text)) throw invalid(field, 'is not a number')
  if (Math.abs(Number(text)) > limit) throw invalid(field, `must be between -${limit} and ${limit}`)
  return text
}

/** An organiser, as far as other rooms need to know. */
export interface Account {
  id: number
  name: string
  subdomain: string
  currency: string
  timeZone: string
  locale: 'en' | 'de'
  /** Minutes that a checkout holds its places; null: as the installation says. */
  holdMinutes: number | null
}

export type Permission = 'read' | 'write'

/** Who is asking: the account that the token speaks for. */
export interface Caller {
  account: Account
  token: { id: number; description: string; permission: Permission }
}

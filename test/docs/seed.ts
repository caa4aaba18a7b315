import { expect, type Organizer, type World } from '../support/world.ts'

/**
 * An empty installation with the organiser of the docs: the same ids, names and times every time, so that every
 * command of the docs finds what it names.
 */
export async function seedDocs(world: World): Promise<Organizer> {
  world.setTime('2026-03-01T10:00:00Z')
  await forgetEverything(world)
  await world.db.unsafe(`
    alter table customers alter column id restart with 17; alter table venues alter column id restart with 7;
    alter table events alter column id restart with 41; alter table ticket_types alter column id restart with 101;
    alter table promo_codes alter column id restart with 3`)
  const club = await world.organizer({ subdomain: 'my-club' })
  await world.db`update api_tokens set description = 'My CRM' where permission = 'write'`
  const post = async (path: string, body?: unknown) =>
    expect(body ? 201 : 200, await world.send(club, 'POST', path, body))
  expect(200, await world.send(club, 'PATCH', '/admin/settings', { name: 'My Club' }))

  const hall = {
    name: 'Kulturhaus am Ufer',
    address: 'Uferstraße 12',
    city: 'Berlin',
    postal_code: '10997',
    latitude: '52.500300',
    longitude: '13.441900',
  }
  await post('/admin/venues', hall)
  await post('/admin/venues', { name: 'Old Cinema', address: 'Marktplatz 1', city: 'Potsdam', postal_code: '14467' })
  const spring = {
    title: 'Spring Showcase',
    description: 'Our annual seasonal event.',
    doors_open_at: '2026-05-15T18:00:00Z',
    capacity: 500,
  }
  await post('/admin/events', {
    ...spring,
    venue_id: 7,
    starts_at: '2026-05-15T19:00:00Z',
    ends_at: '2026-05-15T22:00:00Z',
  })
  await post('/admin/events', {
    title: 'Winter Lights',
    venue_id: 7,
    starts_at: '2026-04-03T19:00:00Z',
    ends_at: '2026-04-03T22:00:00Z',
  })
  await post('/admin/events', {
    title: 'Summer Night',
    venue_id: 8,
    starts_at: '2026-07-03T19:00:00Z',
    ends_at: '2026-07-03T23:00:00Z',
  })
  const tickets = '/admin/events/spring-showcase/standard_tickets'
  await post(tickets, { title: 'General Admission', price: '21.00', stock: 450, max_per_order: 6, tax_rate: '7.0' })
  await post(tickets, { title: 'Patron', price: '60.00', stock: 3, tax_rate: '19.0' })
  await post(tickets, { title: 'Early bird', price: '15.00', stock: 50, state: 'archived' })
  await post('/admin/events/spring-showcase/publication')

  await post('/admin/promo_codes', {
    ...{ code: 'EARLY-10', discount_type: 'percentage', discount_amount: '10', usage_limit: 50 },
    expires_at: '2026-05-01T00:00:00+02:00',
  })

  const jane = { email: 'jane@example.com', name: 'Jane Doe' }
  await buy(world, club, { ...jane }, 2, '2026-04-22T12:34:00Z', { utm_source: 'newsletter' })
  await buy(world, club, { ...jane }, 4, '2026-04-22T13:02:00Z', undefined)
  await buy(
    world,
    club,
    { email: 'anna@example.com', name: 'Anna Schmidt', company: 'Acme GmbH' },
    1,
    '2026-04-22T13:10:00Z',
    undefined,
  )
  world.setTime('2026-04-22T14:00:00Z')
  for (let n = 0; n < 4; n++) await beginCheckout(world, club, 2)
  await nameWhatIsRandom(world)
  return club
}

async function forgetEverything(world: World): Promise<void> {
  const tables = await world.db<{ name: string }[]>`
    select quote_ident(tablename) as name from pg_tables where schemaname = 'public' and tablename <> 'migrations'`
  await world.db.unsafe(`truncate ${tables.map(({ name }) => name).join(', ')} restart identity cascade`)
}

async function beginCheckout(world: World, club: Organizer, quantity: number, attribution?: object): Promise<string> {
  const items = [{ ticket_id: 101, quantity }]
  return expect(
    201,
    await world.shop(club, 'POST', '/checkouts', { event_slug: 'spring-showcase', items, attribution }),
  ).public_id
}

async function buy(
  world: World,
  club: Organizer,
  buyer: object,
  quantity: number,
  at: string,
  attribution: object | undefined,
): Promise<void> {
  world.setTime(at)
  const id = await beginCheckout(world, club, quantity, attribution)
  expect(200, await world.shop(club, 'PATCH', `/checkouts/${id}`, { buyer, marketing_consent: quantity === 2 }))
  world.setTime(new Date(world.now().getTime() + 50_000).toISOString())
  expect(200, await world.shop(club, 'POST', `/checkouts/${id}/payment`, { provider: 'test', outcome: 'succeed' }))
}

/** Ids that nobody can guess have names here that the docs can use. */
async function nameWhatIsRandom(world: World): Promise<void> {
  const code = `translate(upper(substr(md5(%s), 1, 8)), '01', 'KQ')`
  const id = `substr(md5(%s), 1, 20)`
  await world.db.unsafe(`
    update orders set public_id = case id when 1 then 'abcd1234efgh5678' else ${id.replace('%s', "'order' || id")} end,
      order_code = case id when 1 then '7K3Q9D2A' else ${code.replace('%s', "'order' || id")} end;
    update order_lines set public_id = ${id.replace('%s', "'line' || order_id || '/' || position")};
    update tickets set public_id = ${id.replace('%s', "'ticket' || order_id || '/' || position")},
      check_in_code = ${code.replace('%s', "'ticket' || order_id || '/' || position")};
    with pending as (select id, row_number() over (order by id) as n from checkouts where status = 'pending')
    update checkouts c set public_id = 'checkout' || lpad(n::text, 12, '0') from pending p where p.id = c.id;
    update checkouts set buyer = '{"email":"max@example.com","name":"Max","company":null,"phone":null,"salutation":null,"title":null}'
      where public_id = 'checkout000000000003'`)
}

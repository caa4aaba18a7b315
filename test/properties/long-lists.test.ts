import { test } from 'node:test'
import fc from 'fast-check'
import { checkCompleteList, checkPages } from '../model/check.ts'
import { customersExpected, ordersExpected } from '../model/check-lists.ts'
import type { ImportLine } from '../model/history.ts'
import { patience } from '../model/patience.ts'
import { playImport } from '../model/play-import.ts'
import type { Reading } from '../model/questions.ts'
import { openStage } from '../model/stage.ts'
import { openWorld } from '../support/world.ts'

const world = await openWorld()

test('lists longer than a batch and a page lose no row and repeat none, also where most were paid in one second', async () => {
  const { within, parameters } = patience(2, 8)
  const property = async (customers: number, moments: number[], limit: number) => {
    const stage = await openStage(world, 'KWD', 'Asia/Kathmandu', '2026-07-01T18:14:59Z')
    await playImport(stage, manyLines(customers, moments), false)
    const reading: Reading = { at: null, periods: ['all', 'today'], queries: ['b9'], order: 0 }
    const questions = [
      ...customersExpected(stage, reading, stage.latest),
      ...ordersExpected(stage, reading, stage.latest),
    ]
    world.setTime(stage.latest)
    for (const expected of questions.filter((_question, index) => index % 5 === 0)) {
      await checkCompleteList(world, stage.club, expected)
      await checkPages(world, stage.club, expected, limit)
    }
  }
  const sizes = fc.constantFrom(1001, 1000, 2001, 1203)
  const moments = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 5 })
  await fc.assert(fc.asyncProperty(sizes, moments, fc.constantFrom(100, 99), within(property)), parameters)
})

function manyLines(customers: number, moments: number[]): ImportLine[] {
  return Array.from({ length: customers }, (_, index) => {
    const address = `b${index}@example.com`
    return {
      at: { landmark: 'day', seconds: moments[index % moments.length] ?? 0 },
      email: { stored: address, typed: address },
      buyer: { name: `Buyer ${index % 7}` },
      consent: index % 3 === 0,
      event: index,
      items: [{ title: 0, minor: index, quantity: 1 + (index % 3) }],
      refunds: index % 11 === 0 ? [50] : [],
      secondsToPay: 0,
      isWrittenWithOffset: false,
    }
  })
}

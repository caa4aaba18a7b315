import { test } from 'node:test'
import fc from 'fast-check'
import { checkDetails, checkLists } from '../model/check-lists.ts'
import { crowdedNights } from '../model/crowded-nights.ts'
import { type History, histories } from '../model/history.ts'
import { momentInstant } from '../model/instants.ts'
import { patience } from '../model/patience.ts'
import { play } from '../model/play.ts'
import { type Reading, readings } from '../model/questions.ts'
import { openWorld } from '../support/world.ts'

const world = await openWorld()

test('after any history, every list under every filter is what follows from the paid orders', async () => {
  const { within, parameters } = patience(12, 25)
  const property = async (history: History, reading: Reading) => {
    const stage = await play(world, history)
    const now = reading.at ? momentInstant(reading.at, stage.anchor, stage.ledger.timeZone) : stage.latest
    await checkLists(stage, reading, now)
    await checkDetails(stage)
  }
  await fc.assert(fc.asyncProperty(histories(24), readings, within(property)), {
    ...parameters,
    examples: crowdedNights(),
  })
})

import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import type { Organizer, World } from '../support/world.ts'

/** Debian's Chromium in front of the world's shop, cut off from everything else. */
export interface Browsing {
  browser: Browser
  /** A visitor with a browser of their own. Whatever is wrong in its console fails the test that asks `assertQuiet`. */
  visitor(options?: BrowserContextOptions): Promise<Visitor>
}

export interface Visitor {
  context: BrowserContext
  page: Page
  /** No script failed, the content security policy forbade nothing, and nothing was asked of a host outside. */
  assertQuiet(): void
}

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  // Both sites of a test are on this machine, which a browser would ask about.
  '--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests',
]

/** `outside`: hosts that a visit may lead to as well, such as the payment provider's double. */
export async function openBrowser(world: World, outside: string[] = []): Promise<Browsing> {
  await world.app.ready()
  const server = createServer((request, response) => world.app.routing(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // listening on TCP: never a path
  const rules = `MAP *.foyer.test:80 127.0.0.1:${port}, MAP partner.example:80 127.0.0.1:${port}, EXCLUDE 127.0.0.1, MAP * ~NOTFOUND`
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [...flags, `--host-resolver-rules=${rules}`],
  })
  after(async () => {
    await browser.close()
    server.closeAllConnections()
    server.close()
  })
  return { browser, visitor: (options) => openVisitor(browser, options, outside) }
}

async function openVisitor(
  browser: Browser,
  options: BrowserContextOptions | undefined,
  outside: string[],
): Promise<Visitor> {
  const context = await browser.newContext({ locale: 'en-GB', ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const complaints: string[] = []
  context.on('request', (request) => {
    const { protocol, host } = new URL(request.url())
    const isOurs = host.endsWith('.foyer.test') || outside.includes(host) || protocol === 'data:'
    if (!isOurs) complaints.push(`asked ${host}`)
  })
  context.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) complaints.push(message.text())
  })
  context.on('weberror', (error) => complaints.push(String(error.error())))
  return { context, page, assertQuiet: () => assert.deepEqual(complaints, []) }
}

/** The address of a page in the organiser's shop. */
export function shopPage(club: Organizer, path: string): string {
  return `http://${club.subdomain}.foyer.test${path}`
}

const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** axe finds nothing against WCAG 2.2 AA, and nothing is wider than the screen. Needs a browser that runs scripts. */
export async function assertAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(wcag).analyze()
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`),
  )
  assert.deepEqual(found, [], page.url())
  const excess = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
  assert.ok(Number(excess) <= 0, `${page.url()} is ${excess} px too wide`)
}

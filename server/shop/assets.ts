import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

export interface Asset {
  /** Carries the content's hash: what it names never changes, so a browser may keep it for ever. */
  path: string
  /** The paths that it has, had and will have. */
  family: RegExp
  type: string
  content: string
}

export const shopStyle = readAsset('shop', 'css', 'text/css; charset=utf-8')
export const shopScript = readAsset('shop', 'js', 'text/javascript; charset=utf-8')

const widgetText = readFileSync(new URL('assets/widget.js', import.meta.url), 'utf8')

/** The script that other sites load, with the shop that it belongs to and the sites that may show it in a frame. */
export function widgetScript(settings: { shop: string; frameOrigins: string[] }): string {
  return widgetText.replace('SETTINGS', () => JSON.stringify(settings))
}

function readAsset(name: string, ending: string, type: string): Asset {
  const content = readFileSync(new URL(`assets/${name}.${ending}`, import.meta.url), 'utf8')
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12)
  const family = new RegExp(`^/assets/${name}\\.[0-9a-f]{12}\\.${ending}$`)
  return { path: `/assets/${name}.${hash}.${ending}`, family, type, content }
}

import { domainToASCII } from 'node:url'

// What a local part may not hold unquoted, and what nobody can see: blanks, controls, format characters, surrogates.
const forbiddenInLocal = /[\p{C}\p{Z}"(),:;<>@[\\\]]/u
// Every ASCII character that is in no host name. domainToASCII would cut `a/b` at the slash and decode `%61`.
const forbiddenInDomain = /[\0-,/:-@[-`{-\x7f]/
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/**
 * The one spelling under which an address is stored and matched, or undefined if the text is no address:
 *
 *     ' Jane@Example.COM '    jane@example.com
 *     'Jane.Doe+vip@x.org'    jane.doe+vip@x.org     dots and tags stay: they may be two people
 *     'jane@Bücher.de'        jane@xn--bcher-kva.de  the domain in its ASCII form
 *     'JÖRG@x.org'            jörg@x.org             NFC, whichever way the umlaut was typed
 *     'jane', 'a b@x.org', '"a"@x.org', 'jane@x..org', 'jane@127.0.0.1', 'jane＠x.org'    undefined
 *
 * Normalising again changes nothing. Letters that only look alike stay apart in front of the @ (ſ is no s), as do dots
 * in odd places, which some mailboxes have; letters that Unicode holds equal do not (the Kelvin sign is a K).
 */
export function normalizeEmail(text: string): string | undefined {
  const trimmed = text.trim()
  const at = trimmed.lastIndexOf('@')
  const local = normalizeLocal(trimmed.slice(0, Math.max(at, 0)))
  const domain = normalizeDomain(trimmed.slice(at + 1))
  if (local === undefined || domain === undefined || local.length + 1 + domain.length > 254) return undefined
  return `${local}@${domain}`
}

function normalizeLocal(text: string): string | undefined {
  // Lower-casing can make what composes: J̌ is two characters in Unicode, ǰ is one.
  const local = text.normalize('NFC').toLowerCase().normalize('NFC')
  if (local.length < 1 || local.length > 64) return undefined
  // The compatible form shows a disguised @ or comma, such as the full-width ones.
  return forbiddenInLocal.test(local) || forbiddenInLocal.test(local.normalize('NFKC')) ? undefined : local
}

function normalizeDomain(text: string): string | undefined {
  if (forbiddenInDomain.test(text)) return undefined
  const domain = domainToASCII(text)
  const labels = domain.split('.')
  // No top-level domain is a number: this is an IP address.
  return labels.every((each) => label.test(each)) && !/^\d+$/.test(labels.at(-1) ?? '') ? domain : undefined
}

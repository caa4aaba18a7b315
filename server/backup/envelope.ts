import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib'
import { refuse } from './refusals.ts'

/**
 * A backup file is what `zstd` calls three frames: a skippable one that says what this is, the compressed text, and a
 * skippable one with the SHA-256 of every byte before it. So any damage shows before a single row is believed, and the
 * text can be read without Foyer: `zstd -dc FILE`.
 */
const name = 'Foyer backup '
const opening = skippableFrame(Buffer.from(`${name}1\n`))
const digestLength = 32
const closingLength = 8 + digestLength

export const compress = () =>
  createZstdCompress({ chunkSize: 128 * 1024, params: { [constants.ZSTD_c_compressionLevel]: 3 } })

/** Puts the compressed text between the two other frames. */
export async function* enclose(compressed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  const frame = skippableFrame(Buffer.alloc(digestLength))
  hash.update(opening)
  yield opening
  for await (const chunk of compressed) {
    hash.update(chunk)
    yield chunk
  }
  const frameHeader = frame.subarray(0, -digestLength)
  yield Buffer.concat([frameHeader, hash.update(frameHeader).digest()])
}

/** Throws a Refusal with the cure unless the file is, byte for byte, a backup that this version of Foyer can read. */
export async function proveWhole(file: FileHandle): Promise<void> {
  const size = (await file.stat()).size
  const start = await readAt(file, 0, Math.min(size, opening.length))
  if (!start.includes(name)) throw refuse('This is not a backup of Foyer. Name the file that foyer backup wrote.')
  const hash = createHash('sha256')
  const end = size - digestLength
  if (end > opening.length) for await (const chunk of bytesOf(file, 0, end)) hash.update(chunk)
  const digest = await readAt(file, Math.max(end, 0), digestLength)
  if (!hash.digest().equals(digest))
    throw refuse(
      'The backup is damaged or not whole; nothing was changed. Take another copy of it, or an older backup.',
    )
  if (!start.equals(opening))
    throw refuse('The backup was written by a newer Foyer. Install that version, and restore with it.')
}

/** The text of a file that was proven whole. */
export function readEnclosed(file: FileHandle, size: number): AsyncIterator<Buffer> {
  const text = createZstdDecompress({ chunkSize: 128 * 1024 })
  pipeline(bytesOf(file, opening.length, size - closingLength), text).catch(() => {})
  return text[Symbol.asyncIterator]()
}

async function* bytesOf(file: FileHandle, start: number, end: number): AsyncGenerator<Buffer> {
  for (let at = start; at < end; ) {
    const bytes = await readAt(file, at, Math.min(end - at, 256 * 1024))
    if (bytes.length === 0) throw new Error('The backup became shorter while it was read.')
    yield bytes
    at += bytes.length
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}

/** https://www.rfc-editor.org/rfc/rfc8878#section-3.1.2 */
function skippableFrame(content: Buffer): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt32LE(0x184d2a50, 0)
  header.writeUInt32LE(content.length, 4)
  return Buffer.concat([header, content])
}

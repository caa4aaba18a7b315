import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

/** Keeps secrets in the database so that the database alone gives nothing usable. */
export interface Sealer {
  seal(secret: string): Buffer
  /** Throws where the key is another than the one that sealed, or the bytes were changed. */
  open(sealed: Buffer): string
}

const nonceLength = 12
const tagLength = 16

/** AES-256-GCM under a key made of `passphrase`, which must be long and random: it is not stretched. */
export function sealerOf(passphrase: string): Sealer {
  const key = createHash('sha256').update(passphrase).digest()
  return {
    seal(secret) {
      const nonce = randomBytes(nonceLength)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), text])
    },
    open(sealed) {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceLength))
      decipher.setAuthTag(sealed.subarray(nonceLength, nonceLength + tagLength))
      return decipher.update(sealed.subarray(nonceLength + tagLength), undefined, 'utf8') + decipher.final('utf8')
    },
  }
}

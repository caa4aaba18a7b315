export type ImportPhase = 'reading' | 'orders' | 'customers'

/** Told how many lines, or customers, a phase has got through; the import waits for what it returns. */
export type Progress = (count: number, phase: ImportPhase) => void | Promise<void>

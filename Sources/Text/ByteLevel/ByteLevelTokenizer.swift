/// Byte-level BPE as GPT-2 has it: `tokenizer.json`, or `vocab.json` with `merges.txt`.
public struct ByteLevelTokenizer: Sendable {
}

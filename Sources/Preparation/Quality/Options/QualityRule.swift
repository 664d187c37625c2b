/// One reason for which a document can be dropped. Raw values are part of the file formats.
///
/// The filters are judged in this order; the first that fails is the reason.
public enum QualityRule: UInt8, CaseIterable, Hashable, Sendable {
  case minUnits = 1
  case maxUnits = 2
  case minCharacters = 3
  case maxCharacters = 4
  case minWordLength = 5
  case maxWordLength = 6

  case maxSymbols = 16
  case maxBulletLines = 17
  case maxEllipsisLines = 18
  case minAlphabetic = 19
  case minLetters = 20
  case minStopWords = 21

  case minEndedLines = 32
  case maxShortLines = 33
  case maxNewLines = 34

  case maxDuplicateLines = 48
  case maxDuplicateParagraphs = 49
  case maxDuplicateLineCharacters = 50
  case maxDuplicateParagraphCharacters = 51
  case maxTop2 = 52
  case maxTop3 = 53
  case maxTop4 = 54
  case maxDuplicate5 = 55
  case maxDuplicate6 = 56
  case maxDuplicate7 = 57
  case maxDuplicate8 = 58
  case maxDuplicate9 = 59
  case maxDuplicate10 = 60

  case minScriptShare = 64

  /// Shares n-grams with an evaluation set.
  case contamination = 96
  /// Equal to an earlier document.
  case exactDuplicate = 112
  /// Nearly equal to an earlier document.
  case nearDuplicate = 113
}

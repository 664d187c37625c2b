/// One reason for which a document can be dropped. Raw values are part of the file formats.
///
/// The filters are judged in this order; the first that fails is the reason.
public enum QualityRule: UInt8, CaseIterable, Hashable, Sendable {
  /// Too few units: words, and characters of Han and Kana.
  case minUnits = 1
  /// Too many units.
  case maxUnits = 2
  /// Too few code points.
  case minCharacters = 3
  /// Too many code points.
  case maxCharacters = 4
  /// Words too short on average.
  case minWordLength = 5
  /// Words too long on average.
  case maxWordLength = 6

  /// Too many `#` or ellipses for each unit.
  case maxSymbols = 16
  /// Too many lines begin with a bullet.
  case maxBulletLines = 17
  /// Too many lines end with an ellipsis.
  case maxEllipsisLines = 18
  /// Too few units have a letter.
  case minAlphabetic = 19
  /// Too small a share of the characters is letters.
  case minLetters = 20
  /// Too few different stop words.
  case minStopWords = 21

  /// Too few lines end a sentence.
  case minEndedLines = 32
  /// Too many short lines.
  case maxShortLines = 33
  /// Too many line feeds for each unit.
  case maxNewLines = 34

  /// Too many lines come again.
  case maxDuplicateLines = 48
  /// Too many paragraphs come again.
  case maxDuplicateParagraphs = 49
  /// Lines that come again hold too much of the text.
  case maxDuplicateLineCharacters = 50
  /// Paragraphs that come again hold too much of the text.
  case maxDuplicateParagraphCharacters = 51
  /// The most frequent 2-gram holds too much of the text.
  case maxTop2 = 52
  /// The most frequent 3-gram holds too much of the text.
  case maxTop3 = 53
  /// The most frequent 4-gram holds too much of the text.
  case maxTop4 = 54
  /// 5-grams that come again hold too much of the text.
  case maxDuplicate5 = 55
  /// 6-grams that come again hold too much of the text.
  case maxDuplicate6 = 56
  /// 7-grams that come again hold too much of the text.
  case maxDuplicate7 = 57
  /// 8-grams that come again hold too much of the text.
  case maxDuplicate8 = 58
  /// 9-grams that come again hold too much of the text.
  case maxDuplicate9 = 59
  /// 10-grams that come again hold too much of the text.
  case maxDuplicate10 = 60

  /// Too few letters are in the scripts that are kept.
  case minScriptShare = 64

  /// Shares n-grams with an evaluation set.
  case contamination = 96
  /// Equal to an earlier document.
  case exactDuplicate = 112
  /// Nearly equal to an earlier document.
  case nearDuplicate = 113
}

/// A column that a row can have beside its ids. All are int32, shape [-1]; all but `docEnds` have one
/// number an id. A segment is the part of one document that lies in the row.
public enum RowColumn: String, CaseIterable, Sendable {
  /// 1 for an id of a document, 0 for padding.
  case attentionMask = "attention_mask"
  /// What the position is to be predicted as: its own id (models shift by one themselves), -100 for
  /// padding and for the first id of each segment, which the document before it must not predict.
  case labels
  /// 0, 1, 2... within each segment; 0 for padding.
  case positionIDs = "position_ids"
  /// 1, 2, 3... for the segments of the row; 0 for padding.
  case segmentIDs = "segment_ids"
  /// Where each segment ends (one past its last id), ascending: cumulative lengths without the 0 in
  /// front. Its last entry is the number of ids that are no padding.
  case docEnds = "doc_ends"
}

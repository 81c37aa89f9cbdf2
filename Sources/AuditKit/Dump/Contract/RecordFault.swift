/// Why one record is no pair, before it is known where the record lies.
struct RecordFault: Error {
  let reason: RejectionReason
  let message: String

  /// The fault of metadata whose pair has its caption from elsewhere, and stays.
  var ofOriginOnly: RecordFault {
    RecordFault(
      reason: reason, message: "\(message): the pair is kept without its origin and hash")
  }

  func rejection(of source: String, at offset: Int64?) -> Rejection {
    Rejection(source: source, offset: offset, reason: reason, message: message)
  }
}

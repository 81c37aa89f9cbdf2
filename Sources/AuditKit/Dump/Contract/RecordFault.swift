/// Why one record is no pair, before it is known where the record lies.
struct RecordFault: Error {
  let reason: RejectionReason
  let message: String

  func rejection(of source: String, at offset: Int64?) -> Rejection {
    Rejection(source: source, offset: offset, reason: reason, message: message)
  }
}

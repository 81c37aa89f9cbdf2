import AuditFiles

/// A verdict with its pair as JSON has it, for audit-cli and auditd alike.
package struct VerdictDocument: Encodable, Sendable {
  package var key: String
  package var ordinal: Int
  package var sha256: String?
  package var caption: String
  package var verdict: Verdict
  package var note: String?
  package var reviewer: String?
  package var decidedAt: String

  package init(_ verdict: PairVerdict) {
    key = verdict.key
    ordinal = verdict.ordinal
    sha256 = verdict.imageSHA256?.hexadecimal
    caption = verdict.caption
    self.verdict = verdict.record.verdict
    note = verdict.record.note
    reviewer = verdict.record.reviewer
    decidedAt = Timestamp.text(verdict.record.decidedAt)
  }
}

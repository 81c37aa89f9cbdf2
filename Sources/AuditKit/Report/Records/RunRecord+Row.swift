import Foundation
import GRDB

extension RunRecord: FetchableRecord {
  /// Reads a row of table `run`.
  public init(row: Row) throws {
    id = row["id"]
    crawlPath = row["crawlPath"]
    crawlFormat = row["crawlFormat"]
    method = row["method"]
    preset = row["preset"]
    configuration = row["configuration"]
    seed = UInt64(bitPattern: row["seed"])
    threads = row["threads"]
    versions = try JSONDecoder().decode([String: String].self, from: row["versions"])
    host = try JSONDecoder().decode([String: String].self, from: row["host"])
    state = try RunState(column: "state", of: row)
    phase = row["phase"]
    startedAt = row["startedAt"]
    updatedAt = row["updatedAt"]
    finishedAt = row["finishedAt"]
    pairCount = row["pairCount"]
    scoredEpoch = row["scoredEpoch"]
    error = row["error"]
    modelPath = row["modelPath"]
    summary = row["summary"]
  }
}

extension RawRepresentable where RawValue == String {
  /// Reads a code that a CHECK constrains; a later version may know more of them.
  init(column: String, of row: Row) throws {
    let code: String = row[column]
    guard let value = Self(rawValue: code) else {
      throw ReportError.invalidValue(what: "column \(column)", ordinal: 0, value: code)
    }
    self = value
  }
}

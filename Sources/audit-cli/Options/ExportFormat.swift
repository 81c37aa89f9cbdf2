import ArgumentParser
import AuditReport

/// What `export` can write.
enum ExportFormat: String, CaseIterable, ExpressibleByArgument {
  case csv, jsonl, txt, npy, webdataset

  /// The format of a list, a record for each pair; nil for the others.
  var ofList: PairExport.Format? { PairExport.Format(rawValue: rawValue) }
}

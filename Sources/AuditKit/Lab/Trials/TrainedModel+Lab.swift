import AuditKit

extension TrainedModel {
  /// Opens a model that a grid or an attack names.
  ///
  /// - Throws: `LabError.unusableModel`.
  init(namedByLab folder: String) throws(LabError) {
    do {
      try self.init(contentsOf: folder)
    } catch {
      throw .unusableModel(path: folder, reason: "\(error)")
    }
  }
}

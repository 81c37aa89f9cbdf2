import Foundation

/// Classes as they are typed.
enum LabClasses {
  /// The names of a list with commas; words of captions are compared in lower case, labels as they are.
  static func names(_ list: String?, labels: String?) -> [String] {
    let names = (list ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    return labels == nil ? names.map { $0.lowercased() } : names
  }
}

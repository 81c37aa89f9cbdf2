import AuditHTTP
import AuditKit
import Foundation
import HTTPTypes

/// A request that was routed: the pattern's parameters, and the query, read with care.
struct Call: Sendable {
  let request: Request
  /// What stands in the places of `{name}`.
  let parameters: [String: String]

  /// A parameter of the path, which the pattern guarantees.
  func parameter(_ name: String) -> String { parameters[name] ?? "" }

  /// The run that the path names.
  ///
  /// - Throws: `Problem` where it is no identifier.
  func run(_ name: String = "run") throws(Problem) -> RunIdentifier {
    guard let run = RunIdentifier(parameter(name)) else {
      throw Problem(
        .invalidParameter,
        "“\(parameter(name).prefix(100))” is no run: they are named like “photos-20261125.1”.")
    }
    return run
  }

  /// A parameter of the query; nil where it is not there.
  func text(_ name: String, maximumLength: Int = 4096) throws(Problem) -> String? {
    let values = request.head.target.query.filter { $0.name == name }.map(\.value)
    guard values.count <= 1 else {
      throw Problem(.invalidParameter, "“\(name)” is given more than once.")
    }
    guard let value = values.first else { return nil }
    guard !value.isEmpty, value.count <= maximumLength else {
      throw Problem(
        .invalidParameter, "“\(name)” takes 1 to \(maximumLength) characters.")
    }
    return value
  }

  /// A whole number of the query.
  func whole(_ name: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
    guard let text = try text(name) else { return nil }
    guard let number = Int(text), range.contains(number), "\(number)" == text else {
      let end = range.upperBound == .max ? "" : " to \(range.upperBound)"
      throw Problem(
        .invalidParameter, "“\(name)” takes a whole number from \(range.lowerBound)\(end).")
    }
    return number
  }

  /// A number from 0 to 1 of the query.
  func share(_ name: String) throws(Problem) -> Double? {
    guard let text = try text(name) else { return nil }
    guard let number = Double(text), number >= 0, number <= 1 else {
      throw Problem(.invalidParameter, "“\(name)” takes a number from 0 to 1.")
    }
    return number
  }

  /// True or false of the query.
  func flag(_ name: String) throws(Problem) -> Bool? {
    guard let text = try text(name) else { return nil }
    guard let flag = Bool(text) else {
      throw Problem(.invalidParameter, "“\(name)” takes true or false.")
    }
    return flag
  }

  /// One of some words of the query.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String, _ type: Choice.Type
  ) throws(Problem) -> Choice? where Choice.RawValue == String {
    guard let text = try text(name) else { return nil }
    guard let choice = Choice(rawValue: text) else {
      let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw Problem(.invalidParameter, "“\(name)” takes one of \(words).")
    }
    return choice
  }

  /// The body as a JSON object whose fields are among `fields`.
  ///
  /// - Throws: `Problem`.
  func object(fields: Set<String>) throws(Problem) -> [String: SettingValue] {
    try requireType("application/json")
    guard let tree = try? JSONDecoder().decode(SettingValue.self, from: Data(request.body)) else {
      throw Problem(.invalidBody, "The body is not JSON.")
    }
    guard case .object(let object) = tree else {
      throw Problem(.invalidBody, "The body is JSON, but not an object.")
    }
    if let unknown = object.keys.filter({ !fields.contains($0) }).min() {
      throw Problem(
        .invalidBody,
        "There is no field “\(unknown.prefix(100))”; there are \(fields.sorted().joined(separator: ", "))."
      )
    }
    return object
  }

  /// - Throws: `Problem` where the body is of another media type.
  func requireType(_ type: String) throws(Problem) {
    let given = request.head.fields[.contentType]?.prefix { $0 != ";" }
      .trimmingCharacters(in: .whitespaces).lowercased()
    guard given == type else {
      throw Problem(.unsupportedMediaType, "The body must be \(type); say so in Content-Type.")
    }
  }
}

extension [String: SettingValue] {
  /// A field's text; nil where it is not there.
  ///
  /// - Throws: `Problem` where it is something else, or too long.
  func text(_ name: String, in lengths: ClosedRange<Int>) throws(Problem) -> String? {
    switch self[name] {
    case nil: return nil
    case .text(let text)? where lengths.contains(text.unicodeScalars.count): return text
    default:
      throw Problem(
        .invalidBody,
        "“\(name)” takes a text of \(lengths.lowerBound) to \(lengths.upperBound) characters.")
    }
  }

  /// A field's true or false; nil where it is not there.
  func flag(_ name: String) throws(Problem) -> Bool? {
    switch self[name] {
    case nil: return nil
    case .flag(let flag)?: return flag
    default: throw Problem(.invalidBody, "“\(name)” takes true or false.")
    }
  }
}

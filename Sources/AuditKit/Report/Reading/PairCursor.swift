import Foundation

/// The end of a page, to ask for the next one; opaque outside.
public struct PairCursor: Sendable, Equatable, LosslessStringConvertible {
  let order: PairQuery.Order
  let ordinal: Int
  /// What the page was ordered by at its last pair; nil for the ordinal itself.
  let value: Value?

  enum Value: Sendable, Equatable, Codable {
    case rank(Int)
    case similarity(Double)
    case key(String)
  }

  private struct Token: Codable {
    let o: PairQuery.Order
    let i: Int
    let v: Value?
  }

  init(order: PairQuery.Order, ordinal: Int, value: Value?) {
    self.order = order
    self.ordinal = ordinal
    self.value = value
  }

  /// Whether an order has such a place.
  private static func fits(_ token: Token) -> Bool {
    guard token.i >= 0 else { return false }
    switch (token.o, token.v) {
    case (.risk, .rank(let rank)?): return rank >= 0
    case (.similarity, .similarity(let similarity)?): return similarity.isFinite
    case (.key, .key?), (.ordinal, nil): return true
    default: return false
    }
  }

  /// Reads a token that `description` gave; nil for anything else.
  public init?(_ description: String) {
    let base64 = description.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
    let padding = String(repeating: "=", count: (4 - base64.count % 4) % 4)
    guard let data = Data(base64Encoded: String(base64) + padding),
      let token = try? JSONDecoder().decode(Token.self, from: data), Self.fits(token)
    else { return nil }
    self.init(order: token.o, ordinal: token.i, value: token.v)
  }

  /// A token of letters, digits, "-" and "_", fit for a URL.
  public var description: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let data = (try? encoder.encode(Token(o: order, i: ordinal, v: value))) ?? Data()
    return String(
      data.base64EncodedString().compactMap { character in
        switch character {
        case "+": "-"
        case "/": "_"
        case "=": nil
        default: character
        }
      })
  }
}

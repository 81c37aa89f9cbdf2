import AuditKit
import AuditSettings
import AuditTraining

/// A way to train, under the name that tables show: the settings that make it differ from the defaults.
///
/// In JSON the name of a training method alone, or `{"name": "no pool", "settings": {"training.poolCapacity": 0}}`; an object
/// that has the name of a training method trains by it.
public struct TrialMethod: Sendable, Equatable {
  /// The name in tables.
  public var name: String
  /// Settings by their dotted names; they do not adapt to the crawl.
  public var settings: [String: SettingValue]
  /// Pairs that are told to be clean, as a share of the crawl, drawn by seed from those that are; nil: none.
  public var trustedShare: Double?
  /// Drops pairs before training; nil: none.
  public var cleanModel: CleanModelFilter?
  /// Whether it trains on what is planted; without it the attack's success is what its probes do to a model that
  /// never saw the poison.
  public var poisoned = true

  /// The name of plain CLIP on what a clean model leaves.
  public static let cleanModelName = "clean-model"
  private static let methodSetting = "training.method"
  /// What `cleanclip` is given unless the grid says otherwise.
  private static let defaultTrustedShare = 0.05

  /// A method with its settings.
  public init(name: String, settings: [String: SettingValue]) {
    self.name = name
    self.settings = settings
  }

  /// A training method as it is.
  public init(_ method: Method) {
    self.init(name: method.rawValue, settings: [Self.methodSetting: .text(method.rawValue)])
    if method == .cleanclip { trustedShare = Self.defaultTrustedShare }
  }
}

extension TrialMethod: Codable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, settings, trustedShare, cleanModel, poisoned
  }

  /// Reads a name or an object.
  ///
  /// - Throws: `DecodingError` for an unknown training method, an unknown key, and a name that promises another method than
  ///   the settings have.
  public init(from decoder: any Decoder) throws {
    if let word = try? decoder.singleValueContainer().decode(String.self) {
      guard let method = Method(rawValue: word) else {
        let known = Method.allCases.map(\.rawValue).joined(separator: ", ")
        throw DecodingError.dataCorrupted(
          DecodingError.Context(
            codingPath: decoder.codingPath,
            debugDescription: "there is no method '\(word)': known are \(known)"))
      }
      self.init(method)
      return
    }
    let values = try SettingsReader(decoder, CodingKeys.self)
    self.init(name: "", settings: [:])
    try values.read(.name, into: &name)
    try values.read(.settings, into: &settings)
    try values.read(.trustedShare, into: &trustedShare)
    try values.read(.cleanModel, into: &cleanModel)
    try values.read(.poisoned, into: &poisoned)
    func refuse(_ reason: String) -> DecodingError {
      .dataCorrupted(
        DecodingError.Context(codingPath: decoder.codingPath, debugDescription: reason))
    }
    guard !name.isEmpty else { throw refuse("a method needs a name for the tables") }
    if let method = Method(rawValue: name) {
      let set = settings[Self.methodSetting] ?? .text(method.rawValue)
      guard set == .text(method.rawValue) else {
        throw refuse("'\(name)' is a training method, but the settings have another")
      }
      settings[Self.methodSetting] = set
    }
    if name == Self.cleanModelName, cleanModel == nil {
      throw refuse("'\(name)' needs a cleanModel with its folder")
    }
    if settings[Self.methodSetting] == .text(Method.cleanclip.rawValue), trustedShare == nil {
      trustedShare = Self.defaultTrustedShare
    }
  }
}

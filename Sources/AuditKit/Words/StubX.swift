public struct TextAugmentationConfiguration: Codable, Sendable { public init() {} }

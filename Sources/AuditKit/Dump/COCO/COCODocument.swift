import Foundation

/// What a file of COCO captions holds, as far as pairs are concerned.
///
/// A part that does not fit costs itself only.
struct COCODocument: Decodable, Sendable {
  let images: [Lenient<Image>]
  let annotations: [Lenient<Annotation>]

  struct Image: Decodable, Sendable {
    let id: Identifier
    let fileName: String
    let url: String?

    enum CodingKeys: String, CodingKey {
      case id
      case fileName = "file_name"
      case url = "coco_url"
    }
  }

  struct Annotation: Decodable, Sendable {
    let image: Identifier
    let caption: String

    enum CodingKeys: String, CodingKey {
      case caption
      case image = "image_id"
    }
  }

  /// A number in COCO's own files, a text in those of others.
  enum Identifier: Decodable, Hashable, Sendable {
    case number(Int64)
    case text(String)

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let number = try? value.decode(Int64.self) {
        self = .number(number)
      } else {
        self = .text(try value.decode(String.self))
      }
    }
  }

  /// A value, or nil where it could not be read.
  struct Lenient<Value: Decodable & Sendable>: Decodable, Sendable {
    let value: Value?

    init(from decoder: any Decoder) throws { value = try? Value(from: decoder) }
  }
}

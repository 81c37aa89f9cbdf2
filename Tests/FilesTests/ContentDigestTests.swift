import AuditFiles
import Testing

struct ContentDigestTests {
  // FIPS 180-4's examples, as NIST publishes them.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func aDigestIsSHA256(_ text: String, _ expected: String) {
    let digest = ContentDigest(of: Array(text.utf8))
    #expect(digest.hexadecimal == expected)
    #expect(digest.bytes.hexadecimal == expected)
    #expect(String(digest.firstHalf, radix: 16) == expected.prefix(32))
  }

  @Test func theBytesMakeTheSameDigestAgain() {
    let digest = ContentDigest(of: [1, 2, 3])
    #expect(digest.bytes.withUnsafeBytes { ContentDigest(raw: $0) } == digest)
    #expect(ContentDigest(of: [1, 2, 4]) != digest)
  }

  @Test func noTwoListsOfTextsAgree() {
    let lists = [
      [], [""], ["", ""], ["ab"], ["a", "b"], ["", "ab"], ["b", "a"], ["a", "b", ""],
    ]
    #expect(Set(lists.map { ContentDigest(of: $0) }).count == lists.count)
    // A length of two in eight bytes, least significant first, and the text.
    #expect(
      ContentDigest(of: ["ab"])
        == ContentDigest(of: [2, 0, 0, 0, 0, 0, 0, 0] + Array("ab".utf8)))
  }

  @Test func hexadecimalHasTwoDigitsForEachByte() {
    #expect([UInt8]([0, 9, 10, 127, 255]).hexadecimal == "00090a7fff")
    #expect([UInt8]().hexadecimal == "")
  }
}

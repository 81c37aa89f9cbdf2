import Foundation

/// Synonyms from WordNet 3 (Miller, 1995, doi:10.1145/219717.219748), as Debian's `wordnet-base`
/// installs it: `index.*`, `data.*` and `*.exc` in one folder.
///
/// A word is looked up as it is used: inflected forms through the lists of exceptions and the
/// detachment rules (Morphology below), each part of speech by a binary search in its index. Nothing
/// is loaded ahead; a look-up takes some microseconds, so callers keep what they ask often.
package struct WordNet: Sendable {
  private struct Part: Sendable {
    let index: WordNetFile
    let data: WordNetFile
    let exceptions: WordNetFile
  }

  private let parts: [(PartOfSpeech, Part)]

  /// Opens the files of a folder.
  ///
  /// - Throws: `WordsError.wordNet` if one cannot be read.
  package init(folder: String = TextAugmentationConfiguration.defaultWordNetFolder)
    throws(WordsError)
  {
    var parts: [(PartOfSpeech, Part)] = []
    for part in PartOfSpeech.allCases {
      func open(_ name: String) throws(WordsError) -> WordNetFile {
        do {
          return try WordNetFile("\(folder)/\(name)")
        } catch {
          throw .wordNet(folder: folder, reason: "\(name) cannot be read")
        }
      }
      let suffix = part.fileExtension
      parts.append(
        (
          part,
          Part(
            index: try open("index.\(suffix)"), data: try open("data.\(suffix)"),
            exceptions: try open("\(suffix).exc"))
        ))
    }
    self.parts = parts
  }

  /// WordNet if it is installed; otherwise nil, after telling `warn` what is missing and what helps.
  package static func installed(
    folder: String = TextAugmentationConfiguration.defaultWordNetFolder, warn: (String) -> Void
  ) -> WordNet? {
    do throws(WordsError) {
      return try WordNet(folder: folder)
    } catch {
      warn("\(error) Until then captions are augmented without synonyms.")
      return nil
    }
  }

  /// The words that share a meaning with a word, over all parts of speech and senses, the most
  /// frequent senses of nouns first.
  ///
  /// "dogs" finds what "dog" means. Left out are the word itself and its base forms, whatever their
  /// case. Words of several parts have spaces, and names keep their capitals.
  package func synonyms(of word: String) -> [String] {
    let lemma = word.lowercased().replacing(" ", with: "_")
    guard !lemma.isEmpty, lemma.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return [] }
    var known: Set<String> = [lemma]
    var senses: [(WordNetFile, [Int])] = []
    for (part, files) in parts {
      for form in baseForms(of: lemma, part, files) {
        known.insert(form)
        senses.append((files.data, synsets(of: form, in: files.index)))
      }
    }
    var synonyms: [String] = []
    for (data, offsets) in senses {
      for word in offsets.flatMap({ members(at: $0, in: data) })
      where known.insert(word.lowercased()).inserted {
        synonyms.append(word.replacing("_", with: " "))
      }
    }
    return synonyms
  }

  // MARK: Morphology

  /// The forms in the index that a word may be an inflection of, the word itself first if it is one.
  private func baseForms(of word: String, _ part: PartOfSpeech, _ files: Part) -> [String] {
    let exceptions = files.exceptions.lines(key: word)
      .flatMap { $0.split(separator: " ").dropFirst().map(String.init) }
    let candidates = [word] + (exceptions.isEmpty ? detached(word, part) : exceptions)
    var forms: [String] = []
    for candidate in candidates where !forms.contains(candidate) {
      if !files.index.lines(key: candidate).isEmpty { forms.append(candidate) }
    }
    return forms
  }

  private func detached(_ word: String, _ part: PartOfSpeech) -> [String] {
    part.detachments.compactMap { ending, replacement in
      guard word.hasSuffix(ending), word.count > ending.count else { return nil }
      return word.dropLast(ending.count) + replacement
    }
  }

  // MARK: File formats

  /// A line of an index:
  /// `lemma pos synset_cnt p_cnt [ptr_symbol...] sense_cnt tagsense_cnt synset_offset...`.
  private func synsets(of lemma: String, in index: WordNetFile) -> [Int] {
    guard let line = index.lines(key: lemma).first else { return [] }
    let fields = line.split(separator: " ")
    guard fields.count > 4, let count = Int(fields[2]), fields.count >= count else { return [] }
    return fields.suffix(count).compactMap { Int($0) }
  }

  /// A line of data:
  /// `synset_offset lex_filenum ss_type w_cnt word lex_id [word lex_id...] ...`, with `w_cnt` in
  /// hexadecimal; adjectives may carry their position, as in `galore(ip)`.
  private func members(at offset: Int, in data: WordNetFile) -> [String] {
    guard let line = data.line(at: offset) else { return [] }
    let fields = line.split(separator: " ", maxSplits: 4 + 2 * 255)
    guard fields.count > 4, Int(fields[0]) == offset, let count = Int(fields[3], radix: 16),
      fields.count >= 4 + 2 * count
    else { return [] }
    return (0..<count).map { index in
      let word = fields[4 + 2 * index]
      return String(word.prefix { $0 != "(" })
    }
  }
}

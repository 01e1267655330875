import Contracts
import LanguageModels
import Testing

@Suite struct ModelAccessTests {
    @Test func `what models are made from are the settings of models`() {
        var read: Set<String> = []
        _ = ModelSettings({ name in
            read.insert(name)
            return nil
        })
        #expect(read == Set(Setting.models.map(\.name)))
    }
}

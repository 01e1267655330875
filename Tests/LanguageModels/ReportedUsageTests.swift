import Foundations
import Testing

@testable import LanguageModels

@Suite struct ReportedUsageTests {
    static let own: JSONValue = ["upstream_inference_cost": 2]

    @Test(
        arguments: [
            (["cost": 0.5], 0.5), (["cost": "0.5"], 0.5), (["cost": ["total_cost": 1.5]], 1.5),
            (["cost": ["input": 1, "total": 3]], 3), (["cost": -1], nil), (["cost": "NaN"], nil), (["cost": []], nil),
            (["total_tokens": 5], nil), (["cost": 1e300], 1000),
            (["cost": 0.25, "is_byok": true, "cost_details": own], 2.25),
            (["cost": 0.25, "is_byok": false, "cost_details": own], 0.25),
            (["cost": nil, "is_byok": true, "cost_details": own], 2),
        ] as [([String: JSONValue], Double?)])
    func `a cost is read in whatever form it comes`(_ usage: [String: JSONValue], _ cost: Double?) {
        #expect(ReportedUsage(usage).cost == cost)
    }

    @Test(
        arguments: [
            (["prompt_tokens": "100", "completion_tokens": 7.9], 100, 7),
            (["input_tokens": 3, "output_tokens": 4], 3, 4),
            (["prompt_tokens": -5], 0, 0), (["prompt_tokens": [], "completion_tokens": true], 0, 0),
            (["prompt_tokens": nil, "input_tokens": 9], 9, 0), (["prompt_tokens": 1e18], 10_000_000, 0), ([:], 0, 0),
        ] as [([String: JSONValue], Int, Int)])
    func `figures are what a call can take`(_ usage: [String: JSONValue], _ prompt: Int, _ completion: Int) {
        let tokens = ReportedUsage(usage).tokens
        #expect(tokens == TokenUsage(promptTokens: prompt, completionTokens: completion))
    }

    @Test func `a call whose tokens nobody counted is not free`() throws {
        let choice: JSONValue = ["message": ["content": "Hi."], "finish_reason": "stop"]
        let body: JSONValue = ["model": "gpt-5", "usage": ["total_tokens": 9], "choices": [choice]]
        #expect(try ReplyText.read(body.text()).costUSD == nil)
    }
}

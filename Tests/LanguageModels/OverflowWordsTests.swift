import Foundation
import Foundations
import TestSupport
import Testing
import Transfer

@testable import LanguageModels

/// Bodies of the kinds that providers send, in words of public reports.
@Suite struct OverflowWordsTests {
    @Test(
        arguments: [
            (400, #"{"error":{"code":"1261","message":"Prompt exceeds max length"}}"#, nil),
            (400, #"{"error":{"code":"1210","message":"tokens in request more than max tokens allowed"}}"#, nil),
            (
                400,
                #"[{"error":{"code":400,"message":"The input token count (1196265) exceeds the maximum number of tokens allowed (1048575).","status":"INVALID_ARGUMENT"}}]"#,
                1_048_575
            ),
            (
                400,
                #"{"code":"invalid-argument","error":"This model's maximum prompt length is 131072 but the request contains 537812 tokens."}"#,
                131_072
            ),
            (
                400,
                #"{"error":{"type":"invalid_request_error","message":"Your request exceeded model token limit: 262144 (requested: 289151)"}}"#,
                262_144
            ),
            (
                400,
                #"{"error":{"code":"invalid_parameter_error","message":"<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 204800]"}}"#,
                204_800
            ),
            (
                400,
                #"{"type":"error","error":{"type":"invalid_request_error","message":"input length and `max_tokens` exceed context limit: 199211 + 20000 > 200000, decrease input length or `max_tokens` and try again"}}"#,
                200_000
            ),
            (400, #"{"message":"Input is too long for requested model."}"#, nil),
            (
                400,
                #"{"error":{"message":"prompt has 140,211 tokens, but the configured context size is 131,072 tokens"}}"#,
                131_072
            ),
            (
                422,
                #"{"error":{"message":"`inputs` tokens + `max_new_tokens` must be <= 32769. Given: 39000 `inputs` tokens"}}"#,
                32_769
            ),
            (
                400,
                #"{"error":{"message":"This model's maximum context length is 8192 tokens. However, you requested 10346 tokens (2000 in the messages, 8346 in the completion).","code":"context_length_exceeded"}}"#,
                8192
            ),
            (
                500,
                #"{"error":{"code":400,"message":"the request exceeds the available context size, try increasing it","type":"exceed_context_size_error","n_ctx":4096}}"#,
                nil
            ),
            (400, "prompt is too long: 213462 tokens > 200000 maximum", 200_000),
            (
                400, #"{"detail":"Requested token count exceeds the model's maximum context length of 32768 tokens."}"#,
                32_768
            ),
            (
                400,
                #"{"object":"error","message":"Prompt contains 40960 tokens, too large for model with 32768 maximum context length"}"#,
                32_768
            ),
            (413, "", nil),
            (
                400,
                #"{"error":{"message":"too many tokens: total number of tokens in the prompt cannot exceed 128000"}}"#,
                128_000
            ),
            (
                400,
                #"{"error":"trying to keep the first 9000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens"}"#,
                nil
            ),
            (400, #"{"error":{"message":"Please reduce the length of the messages or completion."}}"#, nil),
            (
                400,
                #"{"error":{"message":"prompt token count of 130000 exceeds the limit of 128000","code":"model_max_prompt_tokens_exceeded"}}"#,
                128_000
            ),
            (
                400,
                #"{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"This model's maximum context length is 65536 tokens.\"}}","provider_name":"X"}}}"#,
                65_536
            ),
            (
                400,
                #"{"error":{"message":"Invalid 'messages[3].content': string too long. Expected a string with maximum length 1048576, but got a string of length 2000000."}}"#,
                nil
            ),
            (400, #"{"error":{"message":"The conversation is longer than the window of this model"}}"#, nil),
            (400, #"{"error":{"message":"模型上下文长度超过限制"}}"#, nil),
            (400, #"{"error":{"message":"token数量超过上限"}}"#, nil),
            (
                400,
                #"{"error":{"message":"Unable to submit request because the input token count is 32770 but model only supports up to 32768. Reduce the input token count and try again."}}"#,
                32_768
            ),
            (400, "Cannot truncate prompt with n_keep (5000) >= n_ctx (4096)", 4096),
            (400, #"{"error":"`inputs` must have less than 4096 tokens. Given: 5000"}"#, 4096),
            (400, #"{"error":{"message":"'max_tokens' must be at least 1, got -3829."}}"#, nil),
            (
                400,
                #"{"error":{"message":"'max_tokens' or 'max_completion_tokens' is too large: 4096. This model's maximum context length is 8192 tokens and your request has 6000 input tokens (4096 > 8192 - 6000)."}}"#,
                8192
            ),
            (
                429,
                #"{"error":{"message":"Request too large for gpt-4o in organization org-x on tokens per min (TPM): Limit 30000, Requested 45123.","type":"tokens","code":"rate_limit_exceeded"}}"#,
                30_000
            ),
            (400, #"{"error":{"message":"Bad request","code":"context_window_exceeded"}}"#, nil),
            (400, #"{"error":{"message":"litellm.ContextWindowExceededError: too much"}}"#, nil),
            (400, #"{"message":"too many tokens: size limit exceeded by 5000 tokens. Try using fewer inputs"}"#, nil),
            (400, #"{"error":{"message":"Total tokens of image and text exceed max message tokens"}}"#, nil),
            (400, #"{"error_code":336007,"error_msg":"the max input characters is 11200"}"#, nil),
            (
                400,
                #"{"error":{"message":"Please reduce the length of the messages. Current length is 8333 while limit is 8192"}}"#,
                8192
            ),
            (500, #"{"error":{"message":"Requested tokens (5000) exceed context window of 4096"}}"#, 4096),
            (
                400,
                #"{"errors":[{"message":"the number of input tokens 9000 cannot exceed the total tokens limit 8192"}]}"#,
                8192
            ),
        ] as [(Int, String, Int?)])
    func `an overflow is one in any wording`(_ status: Int, _ body: String, _ window: Int?) {
        let error = failure(status, body)
        #expect(error.code == .contextTooLong, "\(error)")
        if let window {
            #expect(error.contextTokens.map { $0 <= window && $0 > 1000 } == true, "\(error.contextTokens ?? 0)")
        }
    }

    @Test(
        arguments: [
            (
                429, #"{"error":{"message":"Rate limit exceeded: too many tokens per minute"}}"#,
                ModelError.Code.rateLimited
            ),
            (
                400,
                #"{"error":{"message":"max_tokens is too large: 6000. This model supports at most 4096 completion tokens, whereas you provided 6000."}}"#,
                .badRequest
            ),
            (
                400,
                #"{"error":{"message":"max_tokens: 64000 > 32000, which is the maximum allowed number of output tokens for claude"}}"#,
                .badRequest
            ),
            (
                400,
                #"{"error":{"message":"Invalid 'messages[2].tool_calls[0].id': string too long. Expected a string with maximum length 40"}}"#,
                .badRequest
            ),
            (
                400,
                #"{"error":{"message":"Invalid 'tools[43].function.name': string too long. Expected a string with maximum length 64"}}"#,
                .badRequest
            ),
            (
                400, #"{"error":{"message":"Selected model is at capacity. Please try a different model."}}"#,
                .badRequest
            ),
            (400, #"{"error":{"message":"m does not support tools"}}"#, .badRequest),
            (404, #"{"error":{"message":"No endpoints found that support tool use.","code":404}}"#, .badRequest),
            (
                400,
                #"{"error":{"message":"Failed to call a function.","type":"invalid_request_error","code":"tool_use_failed","failed_generation":"<function"}}"#,
                .badReply
            ),
            (403, "<!DOCTYPE html><html><head><title>Just a moment</title>", .unavailable),
            (403, #"{"error":{"message":"no"}}"#, .unauthorized), (520, "<html>", .unavailable),
            (524, "", .unavailable),
            (429, #"{"error":{"code":"1113","message":"Insufficient balance"}}"#, .quotaExhausted),
            (
                500, #"{"error":{"message":"error parsing tool call: raw='{\"content\":null', err=unexpected end"}}"#,
                .badReply
            ),
            (400, #"{"error":{"message":"Parsing failed.","code":"output_parse_failed"}}"#, .badReply),
            (400, #"{"error":{"message":"Unexpected token 12 while expecting start token 20"}}"#, .badReply),
            (500, "{}", .unavailable), (403, "error code: 1010", .unavailable),
            (424, #"{"message":"The request failed while processing the model."}"#, .unavailable),
            (498, #"{"error":{"message":"Flex tier capacity exceeded"}}"#, .unavailable),
            (503, #"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#, .rateLimited),
            (503, #"{"error":"Model x is currently loading","estimated_time":20.0}"#, .rateLimited),
            (529, #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#, .rateLimited),
            (503, #"{"error":{"message":"upstream connect error"}}"#, .unavailable),
            (500, #"{"error":{"message":"busy","type":"engine_overloaded_error"}}"#, .rateLimited),
            (429, #"{"message":"Too many tokens, please wait before trying again."}"#, .rateLimited),
            (400, #"{"error":{"message":"Budget has been exceeded!","type":"budget_exceeded"}}"#, .quotaExhausted),
            (
                400,
                #"{"message":"The maximum tokens you requested exceeds the model limit of 8192."}"#, .badRequest
            ),
        ] as [(Int, String, ModelError.Code)])
    func `what is something else is that`(_ status: Int, _ body: String, _ code: ModelError.Code) {
        #expect(failure(status, body).code == code)
    }

    @Test(
        arguments: [
            ("Please try again in 7.66s.", 7.66), ("Please try again in 1m2.5s", 62.5),
            ("retry in 34.074824224s.", 34.074824224),
            (#"{"retryDelay":"34s"}"#, 34), (#"{"retryDelay": "34s"}"#, 34), ("try again in 250ms", 0.25),
            ("Please retry after 20 seconds", 20), ("try again in 2 minutes", 120), ("try again in 3h", 10800),
            (#"{"error":"x","estimated_time":20.0}"#, 20), (#"{"retry_after_seconds":7}"#, 7),
            ("resets in 2 days", 172_800), ("Your quota will reset after 5h12m3s.", 18_723),
            ("please wait 5 then", 5), ("try again later", nil), ("try again in a while", nil), ("", nil),
        ] as [(String, Double?)])
    func `a time to wait is read in words too`(_ words: String, _ seconds: Double?) {
        #expect(
            RetryHint.wait(in: words).map { ($0.seconds * 1e6).rounded() / 1e6 }
                == seconds.map { ($0 * 1e6).rounded() / 1e6 })
    }

    @Test(
        arguments: [
            ([("retry-after-ms", "1500"), ("retry-after", "9")], 1.5), ([("Retry-After", "9")], 9),
            ([("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "6m0s")], 360),
            (
                [
                    ("x-ratelimit-remaining-requests", "17"), ("x-ratelimit-reset-requests", "6m0s"),
                    ("x-ratelimit-remaining-tokens", "0"), ("x-ratelimit-reset-tokens", "890ms"),
                ], 0.89
            ),
            ([("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "1795000030000")], 30),
            ([("X-RateLimit-Reset", "1795000030")], 30), ([("X-RateLimit-Reset", "1794999990")], 0),
            ([("X-RateLimit-Reset", "42")], 42),
            ([("x-ratelimit-remaining", "3"), ("x-ratelimit-reset", "42")], nil),
            ([("x-ratelimit-remaining-requests", "3"), ("x-ratelimit-reset-requests", "1s")], nil),
            ([("retry-after-ms", "-1")], nil), ([("x-ratelimit-reset", "nan")], nil),
            ([("x-ratelimit-reset", "1e300")], nil),
        ] as [([(String, String)], Double?)])
    func `a time to wait is read in headers`(_ headers: [(String, String)], _ seconds: Double?) {
        let now = Date(timeIntervalSince1970: 1_795_000_000)
        #expect(HTTPHeaders(headers).modelWait(now: now)?.seconds == seconds)
    }

    /// The cause beneath is told, in one line.
    @Test(arguments: [
        (
            #"{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"bad thing\"}}"}}}"#,
            "Provider returned error: bad thing"
        ),
        (
            #"{"error":{"message":"Provider returned error","metadata":{"raw":"plain\nwords"}}}"#,
            "Provider returned error: plain\nwords"
        ),
        (#"[{"error":{"code":400,"message":"one"}}]"#, "one"), (#"{"detail":"two"}"#, "two"),
        (
            #"{"detail":[{"loc":["body","stream_options"],"msg":"Extra inputs are not permitted","type":"extra_forbidden"}]}"#,
            "body.stream_options: Extra inputs are not permitted"
        ),
        (#"{"code":500,"message":"three"}"#, "three"), (#"{"error":"four"}"#, "four"), ("{}", ""), ("[]", ""),
        ("7", ""), ("", ""),
    ])
    func `the provider's words are found in any shape`(_ body: String, _ message: String) {
        #expect(ProviderFailure(body: Data(body.utf8)).message == message)
    }

    @Test func `what a server repeats of a request is not its own word`() {
        let body =
            #"{"detail":[{"loc":["body"],"msg":"Extra inputs","input":"reasoning_content is missing","ctx":{"x":"missing"}}]}"#
        #expect(!ProviderFailure(body: Data(body.utf8)).words.contains("missing"))
    }

    @Test func `nonsense of any depth is read without harm`() {
        let deep = String(repeating: #"{"error":"#, count: 400) + "1" + String(repeating: "}", count: 400)
        #expect(ProviderFailure(body: Data(deep.utf8)).message.isEmpty)
        let wide = "[" + (0..<5000).map { #"{"message":"\#($0)"}"# }.joined(separator: ",") + "]"
        #expect(ProviderFailure(body: Data(wide.utf8)).message.utf8.count < 500)
    }

    @Test func `broken errors are read without harm`() {
        var fuzzer = Fuzzer(seed: 5)
        let body = Data(
            #"{"error":{"message":"a","code":"1261","type":"t","metadata":{"raw":"{\"message\":\"b\"}"}},"detail":[{"loc":["x"],"msg":"y"}]}"#
                .utf8)
        for _ in 0..<3000 {
            let failure = ProviderFailure(body: fuzzer.variant(of: body))
            #expect(failure.words.utf8.count <= 3 * 8192)
            _ = ModelError(status: 400, failure: failure, excerpt: "x", retryAfter: nil, model: "m")
            _ = ProviderProfile().change(after: Refusal(failure.words, of: ["messages": [], "max_tokens": 5]))
            _ = (RetryHint.wait(in: failure.words), OverflowWords.window(in: failure.words))
        }
    }

    private func failure(_ status: Int, _ body: String) -> ModelError {
        let failure = ProviderFailure(body: Data(body.utf8))
        let excerpt = failure.message.isEmpty ? body : failure.message
        return ModelError(status: status, failure: failure, excerpt: excerpt, retryAfter: nil, model: "m")
    }
}

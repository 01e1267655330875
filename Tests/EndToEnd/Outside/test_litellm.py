"""Tasks through LiteLLM's proxy: one that goes well, and what its backend refuses, in LiteLLM's words."""

import unittest

from client import Client
from litellm_proxy import LiteLLMProxy, program
from stack import Stack
from test_outside import request

# What comes once for the same request is answered when it comes again.
RULES = """
refuse:
  - model: small
    each: messages[role=tool].content
    matches: Ran \\d+ tests
    times: 1
    raw:
      status: 400
      headers: {Content-Type: application/json}
      body: '{"error":{"message":"This model''s maximum context length is 65536 tokens. However, your messages resulted in 70000 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}'
  - model: small
    each: messages[].content
    matches: ^Too long
    raw:
      status: 400
      headers: {Content-Type: application/json}
      body: '{"error":{"message":"This model''s maximum context length is 65536 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}'
  # The first request of a conversation.
  - model: limited
    lacks: messages[role=assistant]
    times: 1
    raw:
      status: 429
      headers: {Content-Type: application/json}
      body: '{"error":{"message":"Rate limit reached for requests","type":"requests","param":null,"code":"rate_limit_exceeded"}}'
"""


class LiteLLMTests(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        program()
        cls.stack = Stack(rules=RULES)
        cls.addClassCleanup(cls.stack.close)
        cls.proxy = LiteLLMProxy(
            cls.stack.folder, cls.stack.environment["OPENAI_BASE_URL"], ["scripted", "small", "limited"])
        cls.addClassCleanup(cls.proxy.close)
        cls.stack.environment |= {"OPENAI_BASE_URL": f"{cls.proxy.url}/v1", "OPENAI_API_KEY": cls.proxy.key}
        cls.stack.up()

    async def run_tasks(self, models):
        """Submits a task for each of the models and returns how each ended."""
        client = await Client.connect(self.stack.nats_url, **self.stack.nats_options)
        try:
            for model in models:
                answer = await client.ask(model, "submit", request(self.stack, model) | {"agent": {"model": model}})
                self.assertTrue(answer["ok"], answer)
            ends = {}
            for model in models:
                end = await client.until(model, {"workflow_completed", "workflow_failed"}, timeout=90)
                ends[model] = end["details"]
            return ends
        finally:
            await client.close()

    async def test_tasks_go_through_whatever_the_backend_refuses_once(self):
        ends = await self.run_tasks(["scripted", "small", "limited", "nobody"])
        for model in ("scripted", "small", "limited"):
            self.assertEqual(ends[model]["status"], "completed", ends[model])
            branch = ends[model]["branch_name"]
            self.assertEqual(self.stack.git("diff", "--name-only", "main", branch), "intervals/merging.py")
        self.assertEqual(ends["scripted"]["artifacts"]["llm_calls"], 7)
        self.assertEqual(ends["scripted"]["artifacts"]["prompt_tokens"], 13_700)
        # A model that the proxy does not route is named, in its words.
        self.assertEqual(ends["nobody"]["status"], "model_unavailable")
        self.assertIn("nobody", ends["nobody"]["error_message"])
        self.assertIn("Invalid model name", ends["nobody"]["error_message"])

    def test_the_words_are_those_of_litellm(self):
        status, body = self.proxy.ask("small", "Too long")
        self.assertEqual(status, 400)
        self.assertIn("ContextWindowExceededError", body)
        status, body = self.proxy.ask("limited", "Too often")
        self.assertEqual(status, 429)
        self.assertIn("RateLimitError", body)

    def test_the_tool_tells_whether_the_proxy_takes_the_key_and_routes_the_model(self):
        def model(**changes):
            usual = self.stack.environment
            self.stack.environment = usual | changes
            try:
                lines = self.stack.automata("doctor", check=False).stdout.splitlines()
            finally:
                self.stack.environment = usual
            return next(line for line in lines if line.split()[1:2] == ["model"])

        self.assertTrue(model().startswith("ok"), model())
        self.assertIn("does not list it", model(MODEL_NAME="nobody"))
        self.assertTrue(model(OPENAI_API_KEY="sk-other").startswith("FAIL"))


if __name__ == "__main__":
    unittest.main()

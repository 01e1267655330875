"""The image and docker-compose.yml, as an operator runs them."""

import json
import time
import unittest

from standardwebhooks import Webhook

from containers import SERVICES, Containers, podman, podman_logs

GRACE = 15


class ContainersTests(unittest.TestCase):
    """One installation for all tests, which follow each other by name."""

    @classmethod
    def setUpClass(cls):
        cls.containers = Containers()
        cls.addClassCleanup(cls.containers.close)
        cls.containers.up()

    def every(self):
        return [container for service in SERVICES for container in self.containers.of(service)]

    def result(self, task):
        answer = json.loads(self.containers.automata("status", f"demo/intervals/{task}", "--json"))
        return answer.get("result") or answer

    def test_1_everything_becomes_healthy(self):
        self.assertEqual(len(self.containers.of("coder")), 2)
        parts = self.containers.of("nats") + self.containers.of("postgres") + self.every()
        self.assertEqual(len(parts), 10)
        self.containers.until_healthy(parts)

    def test_2_services_run_as_an_account_without_rights(self):
        for container in self.every():
            users = set(podman("top", container, "user").split()[1:])
            self.assertEqual(users & {"root", "0"}, set(), container)
            self.assertEqual(podman("exec", container, "id", "-u").strip(), "10001")

    def test_3_a_task_goes_through_and_its_commands_ran_in_the_sandbox(self):
        self.containers.submit("first", "--watch")
        result = self.result("first")
        self.assertEqual(result["status"], "completed", result)
        self.assertTrue(result["artifacts"]["sandbox"].startswith("bubblewrap"), result["artifacts"])
        self.assertEqual(self.containers.git("rev-parse", result["branch_name"]), result["commit_hash"])
        self.assertEqual(
            self.containers.git("diff", "--name-only", f"main..{result['branch_name']}"), "intervals/merging.py")

    def test_4_its_webhook_is_genuine(self):
        end = time.monotonic() + 30
        while not (webhooks := self.containers.webhooks()):
            self.assertLess(time.monotonic(), end, "no webhook came")
            time.sleep(0.1)
        payload = Webhook(self.containers.secrets["WEBHOOK_SECRET"]).verify(
            webhooks[0]["body"], {name.lower(): value for name, value in webhooks[0]["headers"].items()})
        self.assertEqual(payload["type"], "workflow.completed")

    def test_5_three_coders_share_the_work_and_one_of_them_is_killed(self):
        self.containers.scale(coder=3)
        coders = self.containers.of("coder")
        self.assertEqual(len(coders), 3)
        self.containers.until_healthy(coders)
        tasks = [f"shared-{number}" for number in range(8)]
        for task in tasks:
            self.containers.submit(task)
        podman("kill", "--signal", "KILL", self.containers.working("coder", "implementation"))
        for task in tasks:
            self.containers.automata("watch", f"demo/intervals/{task}")
            self.assertEqual(self.result(task)["status"], "completed")
        self.assertEqual(len(set(self.containers.git("for-each-ref", "refs/heads/feat").splitlines())), 9)

    def test_6_every_service_stops_within_the_grace(self):
        for container in self.every():
            began = time.monotonic()
            podman("stop", "--time", str(GRACE), container)
            self.assertLess(time.monotonic() - began, GRACE - 3, container)
            self.assertEqual(podman("inspect", "--format", "{{.State.ExitCode}}", container).strip(), "0", container)
            for line in podman_logs(container).splitlines():
                self.assertTrue(line.startswith("{"), line)
                self.assertNotIn(json.loads(line)["level"], ("critical", "error"), line)


if __name__ == "__main__":
    unittest.main()

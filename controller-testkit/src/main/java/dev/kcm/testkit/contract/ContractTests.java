package dev.kcm.testkit.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;

/**
 * What all chapters of the contract share: a client, and a namespace for each test.
 *
 * <p>Confined to the thread of the test.
 */
abstract class ContractTests {

  private static final AtomicInteger COUNT = new AtomicInteger();

  final ContractServer server;
  final String kubeconfig;

  /** The administrator's client. */
  final Api api;

  /** Name of this test's namespace. */
  final String ns = "contract-" + COUNT.incrementAndGet();

  ContractTests(ApiServerContract contract) {
    server = contract.server();
    api = contract.api();
    kubeconfig = server.adminKubeconfig();
  }

  @BeforeEach
  void createNamespace() {
    createNamespace(ns);
  }

  /** A namespace with the account that its pods run as; nobody else creates it here. */
  void createNamespace(String name) {
    api.create("/api/v1/namespaces", "{metadata:{name:'" + name + "'}}");
    api.post("/api/v1/namespaces/" + name + "/serviceaccounts", "{metadata:{name:'default'}}");
  }

  void needs(ContractServer.Capability capability) {
    Assumptions.assumeTrue(
        server.capabilities().contains(capability), () -> "left out: " + capability.missing());
  }

  /** Path of a core resource in the namespace of the test. */
  String core(String resource) {
    return "/api/v1/namespaces/" + ns + "/" + resource;
  }

  /** Path of a resource in the namespace of the test; {@code group} is for example apps/v1. */
  String in(String group, String resource) {
    return "/apis/" + group + "/namespaces/" + ns + "/" + resource;
  }

  static String named(String name) {
    return "{metadata:{name:'" + name + "'}}";
  }

  static String pod(String name) {
    return pod(name, "");
  }

  /**
   * A pod that no scheduler looks at.
   *
   * @param metadata more fields of metadata, beginning with a comma, or empty
   */
  static String pod(String name, String metadata) {
    return "{metadata:{name:'"
        + name
        + "'"
        + metadata
        + "},spec:{schedulerName:'contract',containers:["
        + "{name:'c',image:'example/image:1'}]}}";
  }

  static String template(String label) {
    return "{metadata:{labels:{app:'" + label + "'}},spec:{containers:[{name:'c',image:'i:1'}]}}";
  }

  static String deployment(String name) {
    return "{metadata:{name:'"
        + name
        + "'},spec:{selector:{matchLabels:{app:'"
        + name
        + "'}},template:"
        + template(name)
        + "}}";
  }

  /** Lets the pod run on a node, as scheduler and kubelet would. */
  void run(String pod) {
    api.create(
        core("pods/" + pod + "/binding"),
        "{metadata:{name:'" + pod + "'},target:{kind:'Node',name:'node-x'}}");
    api.patch(
            Api.STRATEGIC,
            core("pods/" + pod + "/status"),
            "{status:{phase:'Running',conditions:[{type:'Ready',status:'True'}]}}")
        .is(200);
  }

  /** A copy of what was read, to be changed. */
  static ObjectNode copy(Answer answer) {
    return answer.is(answer.code()).body().deepCopy();
  }

  static ObjectNode child(JsonNode parent, String name) {
    return ((ObjectNode) parent).withObject("/" + name);
  }
}

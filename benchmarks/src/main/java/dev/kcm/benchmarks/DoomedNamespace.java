package dev.kcm.benchmarks;

import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.embedded.resource.ApiServer;
import dev.kcm.embedded.resource.Kind;
import java.util.List;
import java.util.Locale;

/** A namespace with many objects of five kinds that is deleted. Confined to one thread. */
final class DoomedNamespace implements ServedWorld {

  private static final String NAME = "doomed";
  private static final List<String> RESOURCES =
      List.of("configmaps", "secrets", "serviceaccounts", "services", "pods");
  private static final List<String> OBJECTS =
      List.of(
          "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'object-%d'}}",
          "{'apiVersion':'v1','kind':'Secret','metadata':{'name':'object-%d'}}",
          "{'apiVersion':'v1','kind':'ServiceAccount','metadata':{'name':'object-%d'}}",
          "{'apiVersion':'v1','kind':'Service','metadata':{'name':'object-%d'},"
              + "'spec':{'clusterIP':'None','ports':[{'port':80}]}}",
          "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'object-%d'},"
              + "'spec':{'containers':[{'name':'web','image':'web'}]}}");
  private static final int PATIENCE_SECONDS = 110;

  private final int objects;

  DoomedNamespace(int objects) {
    this.objects = objects;
  }

  @Override
  public void fill(ApiServer server) {
    ServedWorld.create(
        server,
        new Target("v1", "namespaces", "", "", ""),
        "{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'" + NAME + "'}}");
    for (int i = 0; i < objects; i++) {
      int kind = i % RESOURCES.size();
      ServedWorld.create(
          server,
          new Target("v1", RESOURCES.get(kind), NAME, "", ""),
          OBJECTS.get(kind).formatted(i));
    }
  }

  @Override
  public boolean settled(ApiServer server) {
    return true;
  }

  @Override
  public Outcome load(ApiServer server) throws Exception {
    Kind namespaces = server.kinds().find("", "v1", "namespaces").orElseThrow();
    int before = server.requestLog().size();
    long begin = System.nanoTime();
    var unused =
        ServedWorld.send(
            server, Verb.DELETE, new Target("v1", "namespaces", "", NAME, ""), null, "");
    while (server.stored(namespaces, "", NAME).isPresent()) {
      if ((System.nanoTime() - begin) / 1e9 > PATIENCE_SECONDS) {
        throw new IllegalStateException(server.stored(namespaces, "", NAME).toString());
      }
      Thread.sleep(5);
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    return new Outcome(
        objects,
        String.format(
            Locale.ROOT,
            "namespace with %d objects of %d kinds: gone after %.2f s and %d requests",
            objects,
            RESOURCES.size(),
            seconds,
            server.requestLog().size() - before));
  }
}

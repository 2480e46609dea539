package dev.kcm.testkit.contract;

/** A signing request whose key nobody has. Stateless. */
final class CsrText {

  private static final String REQUEST =
      "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIaE1JR0lBZ0VBTUNZeEVUQVBCZ05W"
          + "QkFvTUNHTnZiblJ5WVdOME1SRXdEd1lEVlFRRERBaGpiMjUwY21GagpkREJaTUJNR0J5cUdTTTQ5QWdF"
          + "R0NDcUdTTTQ5QXdFSEEwSUFCQVdWWU1DMnpsdk1YUWR0YWlpamVBN3R2Ym1DCkVxR1pYV09ZRmYreG40"
          + "eFpuMlgvZmZIZXllcFh2ejhmNTdzcnpLcVRZOWg1TUFmeFIwMHJRd3VkMm9hZ0FEQUsKQmdncWhrak9Q"
          + "UVFEQWdOSUFEQkZBaUVBaW1EM0plNzJaeGtNRU5Gc2JMaVZqS0psVitRZUU1Uk85KzdiTTFyTAp3U2ND"
          + "SUNTWG9FNFh0aVNDaDBUSzErMEdHcG9tMTJNa3k5OE5HZmg2SlZyWDhndGgKLS0tLS1FTkQgQ0VSVElG"
          + "SUNBVEUgUkVRVUVTVC0tLS0tCg==";

  private CsrText() {}

  /** A request of the name, whose sender claims to be somebody else. */
  static String body(String name) {
    return "{metadata:{name:'"
        + name
        + "'},spec:{username:'mallory',signerName:'kubernetes.io/kube-apiserver-client',"
        + "usages:['client auth'],request:'"
        + REQUEST
        + "'}}";
  }
}

"""requests, taught to dial through the guard: the one place where its pools are made."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import Any
from urllib.parse import unquote

from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.poolmanager import PoolManager, ProxyManager
from urllib3.util import make_headers, parse_url
from urllib3.util.ssl_ import create_urllib3_context

from feedservice.outbound.connecting import Dialer, GuardedConnection, GuardedTlsConnection, PatientTlsSocket

_POOLS = 64


def pool_classes(dialer: Dialer) -> dict[str, type[HTTPConnectionPool]]:
    """Pools by scheme whose every connection is dialled by `dialer`."""

    class Plain(GuardedConnection):
        pass

    class Tls(GuardedTlsConnection):
        pass

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class TlsPool(HTTPSConnectionPool):
        ConnectionCls = Tls

    Plain.dialer = Tls.dialer = dialer
    return {"http": PlainPool, "https": TlsPool}


class GuardedAdapter(HTTPAdapter):
    """Sends one request, to a server directly or through the operator's proxy. Knows no redirects and no cookies."""

    def __init__(self, direct: Dialer, to_proxy: Dialer, *, per_host: int) -> None:
        self._direct = direct
        self._to_proxy = to_proxy
        self._context = create_urllib3_context()
        self._context.sslsocket_class = PatientTlsSocket
        self._trusts_somebody = False
        self._trusting = Lock()
        self._managing = Lock()
        super().__init__(pool_connections=_POOLS, pool_maxsize=per_host, max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any) -> None:
        """Make the pools for direct connections; requests calls this."""
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, ssl_context=self._context)
        self.poolmanager.pool_classes_by_scheme = pool_classes(self._direct)

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> ProxyManager:
        """The pools for connections through `proxy`; requests calls this."""
        with self._managing:
            if proxy not in self.proxy_manager:
                self.proxy_manager[proxy] = self._manager_of(proxy)
            found: ProxyManager = self.proxy_manager[proxy]
        return found

    def _manager_of(self, proxy: str) -> ProxyManager:
        self._read_authorities()
        credentials = parse_url(proxy).auth
        manager = ProxyManager(
            proxy,
            num_pools=_POOLS,
            maxsize=_POOLS,  # one pool holds all connections for http, whichever host they are for
            proxy_headers=make_headers(proxy_basic_auth=unquote(credentials)) if credentials else None,
            ssl_context=self._context,
        )
        manager.pool_classes_by_scheme = pool_classes(self._to_proxy)
        return manager

    def cert_verify(
        self,
        conn: HTTPConnectionPool,
        url: str,
        verify: bool | str,
        cert: str | tuple[str, str] | None,
    ) -> None:
        """Have certificates verified; requests calls this. The context holds the authorities, read once."""
        if isinstance(conn, HTTPSConnectionPool):
            self._read_authorities()
            conn.cert_reqs = "CERT_REQUIRED"

    def _read_authorities(self) -> None:
        """Not before somebody needs them: it takes 50 ms, which commands that fetch nothing would wait for."""
        with self._trusting:
            if not self._trusts_somebody:
                self._context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
                self._trusts_somebody = True


def proxies(proxy: str | None) -> Mapping[str, str]:
    """What requests wants to hear of a proxy for everything."""
    return {"http": proxy, "https": proxy} if proxy else {}

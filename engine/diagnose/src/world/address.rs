//! Network addresses as logs write them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

/// A client's address, with its port where the record has one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Address {
    /// The address without port, zone and IPv4-in-IPv6 prefix; lower-case text where it is no IP address.
    pub host: Arc<str>,
    /// The port.
    pub port: Option<u16>,
    ip: Option<IpAddr>,
}

/// What kind of network an address belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The machine itself.
    Loopback,
    /// A network that the internet does not route.
    Private,
    /// Anywhere else.
    Public,
    /// Not an IP address.
    Unknown,
}

impl Address {
    /// Reads `10.0.0.5`, `10.0.0.5:50112`, `[10.0.0.5]:50112`, `[fe80::1%4]:50112`, `::ffff:10.0.0.5` and names.
    pub(crate) fn parse(text: &str) -> Address {
        let text = text.trim();
        if let Some(address) = Address::parse_v4(text) {
            return address;
        }
        let (host, port) = split_port(text);
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let bare = host.split('%').next().unwrap_or(host);
        match bare.parse::<IpAddr>() {
            Ok(ip) => {
                let ip = unmapped(ip);
                Address { host: ip.to_string().into(), port, ip: Some(ip) }
            }
            Err(_) => Address { host: bare.to_lowercase().into(), port, ip: None },
        }
    }

    /// Reads `10.0.0.5` and `10.0.0.5:50112`, as nearly all are written: in no other way than this is printed.
    fn parse_v4(text: &str) -> Option<Address> {
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse().ok()?)),
            None => (text, None),
        };
        let ip: Ipv4Addr = host.parse().ok()?;
        Some(Address { host: host.into(), port, ip: Some(IpAddr::V4(ip)) })
    }

    /// The kind of network.
    pub(crate) fn reach(&self) -> Reach {
        match self.ip {
            None => Reach::Unknown,
            Some(ip) if ip.is_loopback() => Reach::Loopback,
            Some(IpAddr::V4(ip)) if is_private_v4(ip) => Reach::Private,
            Some(IpAddr::V6(ip)) if is_private_v6(ip) => Reach::Private,
            Some(_) => Reach::Public,
        }
    }

    /// What names the network of a site: the first half of an IPv4 address, 48 bits of an IPv6 one. Smaller networks of a
    /// site share their way out.
    pub(crate) fn network(&self) -> Option<String> {
        Some(match self.ip? {
            IpAddr::V4(ip) => format!("{}.{}", ip.octets()[0], ip.octets()[1]),
            IpAddr::V6(ip) => ip.segments()[..3].iter().map(|part| format!("{part:x}:")).collect(),
        })
    }

    /// Whether it leads to the machine itself.
    pub(crate) fn is_loopback(&self) -> bool {
        self.reach() == Reach::Loopback || *self.host == *"localhost"
    }

    /// Whether it is an IP address and not a name.
    pub(crate) fn is_ip(&self) -> bool {
        self.ip.is_some()
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.port, self.ip) {
            (Some(port), Some(IpAddr::V6(ip))) => write!(f, "[{ip}]:{port}"),
            (Some(port), _) => write!(f, "{}:{port}", self.host),
            (None, _) => f.write_str(&self.host),
        }
    }
}

fn split_port(text: &str) -> (&str, Option<u16>) {
    if let Ok(socket) = text.parse::<SocketAddr>() {
        let end = text.rfind(':').unwrap_or(text.len());
        return (&text[..end], Some(socket.port()));
    }
    match text.rsplit_once(':') {
        Some((host, port)) if host.ends_with(']') || !host.contains(':') => match port.parse() {
            Ok(port) => (host, Some(port)),
            Err(_) => (text, None),
        },
        _ => (text, None),
    }
}

fn unmapped(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V6(six) => six.to_ipv4_mapped().map_or(ip, IpAddr::V4),
        IpAddr::V4(_) => ip,
    }
}

fn is_private_v4(ip: Ipv4Addr) -> bool {
    let [a, b, ..] = ip.octets();
    ip.is_private() || ip.is_link_local() || ip.is_unspecified() || (a == 100 && (64..128).contains(&b))
}

fn is_private_v6(ip: Ipv6Addr) -> bool {
    ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_unspecified()
}

/// A user name without its domain, for comparing: `CONTOSO\Anna`, `anna@contoso.com` and `anna` are one.
pub(crate) fn user_key(name: &str) -> String {
    let name = name.rsplit('\\').next().unwrap_or(name);
    name.split('@').next().unwrap_or(name).to_lowercase()
}

/// The name of a machine without its domain; an address as it stands.
///
/// # Example
/// ```
/// use rdpwhy_diagnose::machine_label;
/// assert_eq!(machine_label("SRV1.contoso.local"), "SRV1");
/// assert_eq!(machine_label("10.0.0.4"), "10.0.0.4");
/// ```
pub fn machine_label(name: &str) -> &str {
    match name.parse::<IpAddr>() {
        Ok(_) => name,
        Err(_) => name.split('.').next().unwrap_or(name),
    }
}

/// The label of a machine's name in small letters, for comparing.
///
/// # Example
/// ```
/// use rdpwhy_diagnose::machine_key;
/// assert_eq!(machine_key("SRV1.contoso.local"), machine_key("srv1"));
/// ```
pub fn machine_key(name: &str) -> String {
    machine_label(name).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_logs_write_them() {
        for (text, host, port, reach) in [
            ("10.0.2.17:57148", "10.0.2.17", Some(57148), Reach::Private),
            ("[10.0.2.17]:56873", "10.0.2.17", Some(56873), Reach::Private),
            ("37.57.162.198", "37.57.162.198", None, Reach::Public),
            ("::ffff:10.23.123.11", "10.23.123.11", None, Reach::Private),
            ("[fe80::1%4]:5000", "fe80::1", Some(5000), Reach::Private),
            ("[::1]:50000", "::1", Some(50000), Reach::Loopback),
            ("::1", "::1", None, Reach::Loopback),
            ("127.0.0.1", "127.0.0.1", None, Reach::Loopback),
            ("PC-0815", "pc-0815", None, Reach::Unknown),
            ("100.64.3.4", "100.64.3.4", None, Reach::Private),
        ] {
            let address = Address::parse(text);
            assert_eq!((&*address.host, address.port, address.reach()), (host, port, reach), "{text}");
        }
    }

    #[test]
    fn users_compare_without_their_domain() {
        assert_eq!(user_key("CONTOSO\\Anna"), user_key("anna@contoso.com"));
        assert_eq!(machine_key("SRV1.contoso.local"), machine_key("srv1"));
    }
}

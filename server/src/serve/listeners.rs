//! The ports. They are reserved before anything is started, so that one in use is told at once, and opened last, so that
//! nobody is let in before there is somebody to answer.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use tokio::net::{TcpListener, TcpSocket};

use crate::settings::ListenSettings;

const BACKLOG: u32 = 1024;

/// Ports that nobody else can take and nobody can connect to yet.
pub struct Reserved {
    http: (&'static str, TcpSocket),
    otlp_grpc: (&'static str, TcpSocket),
    otlp_http: (&'static str, TcpSocket),
}

/// Open ports.
pub struct Open {
    pub http: TcpListener,
    /// OTLP over gRPC.
    pub otlp_grpc: TcpListener,
    /// OTLP over HTTP.
    pub otlp_http: TcpListener,
}

impl Reserved {
    /// Errors: a sentence that names the flag whose port can't be had.
    pub fn bind(settings: &ListenSettings) -> Result<Self> {
        let [http, grpc, otlp_http] = settings.all();
        Ok(Self {
            http: reserve(http)?,
            otlp_grpc: reserve(grpc)?,
            otlp_http: reserve(otlp_http)?,
        })
    }

    /// Lets clients in.
    pub fn open(self) -> Result<Open> {
        Ok(Open {
            http: open(self.http)?,
            otlp_grpc: open(self.otlp_grpc)?,
            otlp_http: open(self.otlp_http)?,
        })
    }
}

fn reserve((flag, addr): (&'static str, SocketAddr)) -> Result<(&'static str, TcpSocket)> {
    let socket = if addr.is_ipv4() {
        TcpSocket::new_v4()
    } else {
        TcpSocket::new_v6()
    };
    let bound = socket.and_then(|socket| {
        // A server that has just ended leaves connections behind that must not keep the port.
        socket.set_reuseaddr(true)?;
        socket.bind(addr)?;
        Ok(socket)
    });
    let socket = bound.with_context(|| refused(flag, &addr.to_string()))?;
    Ok((flag, socket))
}

fn open((flag, socket): (&'static str, TcpSocket)) -> Result<TcpListener> {
    let addr = socket.local_addr().map(|addr| addr.to_string()).unwrap_or_default();
    socket.listen(BACKLOG).with_context(|| refused(flag, &addr))
}

fn refused(flag: &str, addr: &str) -> String {
    format!("can't listen on {addr}; free the port or choose another with {flag}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a panic is how a test fails

    use super::*;

    #[tokio::test]
    async fn a_port_in_use_is_told_with_its_flag() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let error = reserve(("--http-addr", taken.local_addr().unwrap())).unwrap_err();
        assert!(
            format!("{error:#}").contains("choose another with --http-addr"),
            "{error:#}"
        );
    }
}

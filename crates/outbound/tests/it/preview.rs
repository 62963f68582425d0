//! From a link to what is shown below it.

use crate::support::{OUTSIDE, Site, answer, client, moved, page};
use outbound::{Error, Kind, Refusal, preview};
use tokio::io::AsyncWriteExt;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n not decoded here";

fn html(head: &str) -> Vec<u8> {
    page("text/html; charset=utf-8", format!("<!doctype html><head>{head}</head><body>"))
}

#[tokio::test]
async fn a_page_with_a_picture() {
    let site = Site::new(|path| match path {
        "/" => moved("/page"),
        "/page" => html(
            "<meta property=og:title content=Title><meta name=description content=Words>
            <meta property=og:site_name content=Site><meta property=og:type content=article>
            <meta property=og:image content=/moved.png><meta property=og:image:alt content=Alt>",
        ),
        "/moved.png" => moved("/a.png"),
        "/a.png" => page("Image/PNG; x=y", PNG),
        _ => answer("404 Not Found", "", ""),
    })
    .await;
    let got = preview(&client(), &site.url("/#here")).await.unwrap();
    assert_eq!(got.url.as_str(), site.url("/page"));
    assert_eq!(
        (got.site.as_str(), got.title.as_deref(), got.description.as_deref()),
        ("Site", Some("Title"), Some("Words"))
    );
    assert_eq!((got.kind, got.author), (Kind::Page, None));
    let image = got.image.unwrap();
    assert_eq!((&image.bytes[..], image.mime_claimed.as_str(), image.alt.as_deref()), (PNG, "image/png", Some("Alt")));
    assert_eq!(image.url.as_str(), site.url("/a.png"));
}

#[tokio::test]
async fn a_plain_page_has_its_title_and_its_host() {
    let site = Site::new(|_| page("", "\n<html><title>Plain</title>")).await;
    let got = preview(&client(), &site.url("/").replace("site.test", "www.site.test")).await.unwrap();
    assert_eq!((got.site.as_str(), got.title.as_deref(), got.image), ("site.test", Some("Plain"), None));
}

#[tokio::test]
async fn a_picture_is_its_own_preview() {
    let site = Site::new(|_| page("image/jpeg", PNG)).await;
    let got = preview(&client(), &site.url("/a.jpg")).await.unwrap();
    assert_eq!((got.kind, got.title, got.site.as_str()), (Kind::Picture, None, "site.test"));
    assert_eq!(got.image.unwrap().bytes, PNG);
}

#[tokio::test]
async fn nothing_to_show() {
    for (body, error) in [
        (page("application/zip", "PK"), Error::Nothing),
        (page("text/plain", "<title>x</title>"), Error::Nothing),
        (page("image/svg+xml", "<svg/>"), Error::Nothing),
        (page("image/png", ""), Error::Nothing),
        (page("", "plain"), Error::Nothing),
        (page("", ""), Error::Nothing),
        (html(""), Error::Nothing),
        (page("text/html", "<body><title>late</title>"), Error::Nothing),
        (answer("404 Not Found", "content-type: text/html\r\n", "<title>Not found</title>"), Error::Http(404)),
    ] {
        let site = Site::new(move |_| body.clone()).await;
        assert_eq!(preview(&client(), &site.url("/")).await.unwrap_err(), error);
    }
    assert_eq!(preview(&client(), "http://127.1/").await.unwrap_err(), Error::Refused(Refusal::Inside));
}

#[tokio::test]
async fn a_description_in_json_fills_what_is_missing() {
    let site = Site::new(|path| match path {
        "/full" => html("<link rel=alternate type=application/json+oembed href=/json><title>Own</title>"),
        "/json" => page(
            "application/json",
            r#"{"type":"video","title":"Theirs","author_name":"Ana","provider_name":"Tube","thumbnail_url":"/t.png",
                "html":"<script>alert(1)</script>"}"#,
        ),
        "/t.png" => page("image/png", PNG),
        _ => answer("404 Not Found", "", ""),
    })
    .await;
    let got = preview(&client(), &site.url("/full")).await.unwrap();
    assert_eq!((got.title.as_deref(), got.author.as_deref(), got.site.as_str()), (Some("Own"), Some("Ana"), "Tube"));
    assert_eq!((got.kind, got.image.unwrap().bytes), (Kind::Video, PNG.to_vec()));
}

/// What a page names is judged like what a person names.
#[tokio::test]
async fn what_is_named_in_a_page_leads_inside_as_little() {
    let secret = Site::secret().await;
    let at = secret.at;
    let site = Site::new(move |path| match path {
        "/picture" => html(&format!("<title>T</title><meta property=og:image content=http://{at}/a.png>")),
        "/moved" => html("<title>T</title><meta property=og:image content=/inside>"),
        "/json" => {
            html(&format!("<title>T</title><link rel=alternate type=application/json+oembed href=http://{at}/>"))
        }
        "/thumb" => html("<title>T</title><link rel=alternate type=application/json+oembed href=/oembed>"),
        "/oembed" => page("application/json", format!(r#"{{"thumbnail_url":"http://{at}/a.png"}}"#)),
        "/base" => html(&format!("<base href=http://{at}/><title>T</title><meta property=og:image content=a.png>")),
        _ => moved(&format!("http://{at}/")),
    })
    .await;
    for path in ["/picture", "/moved", "/json", "/thumb", "/base"] {
        let got = preview(&client(), &site.url(path)).await.unwrap();
        assert_eq!((got.title.as_deref(), got.image), (Some("T"), None), "{path}");
    }
    assert!(secret.heard().is_empty());
}

#[tokio::test]
async fn a_picture_that_is_none_is_done_without() {
    let big = [PNG, &vec![0; 5 << 20]].concat();
    for answer in [
        page("text/html", "<title>x</title>"),
        page("image/svg+xml", "<svg/>"),
        page("image/png", &big),
        answer("200 OK", "content-type: image/png\r\ncontent-encoding: br\r\n", PNG),
        answer("500 Oh", "", ""),
        Vec::new(),
    ] {
        let site = Site::new(move |path| match path {
            "/" => html("<title>T</title><meta property=og:image content=/a.png>"),
            _ => answer.clone(),
        })
        .await;
        let got = preview(&client(), &site.url("/")).await.unwrap();
        assert_eq!((got.title.as_deref(), got.image), (Some("T"), None));
    }
}

#[tokio::test]
async fn an_endless_page_has_a_preview() {
    let site = Site::with(OUTSIDE, |_, mut stream| async move {
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<title>T</title>").await?;
        loop {
            stream.write_all(&[b' '; 8192]).await?;
        }
    })
    .await;
    let got = preview(&client(), &site.url("/")).await.unwrap();
    assert_eq!(got.title.as_deref(), Some("T"));
}

"""Debian's Chromium, driven without a window."""

import os
import pathlib
import time

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

WAIT_SECONDS = 20
READER = pathlib.Path(__file__).with_name("page-reader.js").read_text()


class Chromium:
    """One browser with one page of the dashboard in it."""

    def __init__(self, base):
        self.base = base
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        arguments = ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,900"]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")
        for argument in arguments:
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)

    def close(self):
        self.driver.quit()

    def show_as(self, width, scheme):
        """Sets the window's width and the colour scheme. (A window itself cannot be narrower than 500 pixels.)"""
        command = self.driver.execute_cdp_cmd
        command("Emulation.setDeviceMetricsOverride",
                {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
        command("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def open(self, fragment):
        """Loads the page at `fragment` anew and waits until it holds its data."""
        self.driver.get("about:blank")
        self.driver.get(f"{self.base}/{fragment}")
        self.wait_for_page()

    def go(self, fragment):
        """Goes to the page at `fragment` as a link does."""
        self.driver.execute_script("location.hash = arguments[0]", fragment)
        self.wait_until(lambda: self.read("fragment") == fragment, f"the address ends in {fragment}")
        self.wait_for_page()

    def wait_for_page(self):
        self.wait_until(lambda: self.read("isReady"), "the page has a heading and is not busy")

    def read(self, what, *arguments):
        """What page-reader.js finds in the page."""
        return self.driver.execute_script(READER, what, *arguments)

    def wait_until(self, condition, description, seconds=WAIT_SECONDS):
        """Asks again and again until `condition` holds."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(f"after {seconds} s still not so: {description}")
            time.sleep(0.1)

    def press(self, *keys):
        """Presses keys one after another, whatever has the focus."""
        for key in keys:
            ActionChains(self.driver).send_keys(key).perform()

    def press_with(self, modifier, key):
        ActionChains(self.driver).key_down(modifier).send_keys(key).key_up(modifier).perform()

    def type_over(self, selector, text):
        """Replaces a field's text as a person does. (WebDriver's own clear() makes no input event.)"""
        field = self.find(selector)
        field.send_keys(Keys.CONTROL, "a")
        field.send_keys(text or Keys.BACKSPACE)

    def find(self, selector):
        return self.driver.find_element("css selector", selector)

    def log(self):
        """Messages of the console since the last call."""
        return self.driver.get_log("browser")

    def screenshot(self, path):
        self.driver.save_screenshot(str(path))
